//! What a configuration does as a whole: precedence, refusals, printing.

use std::{io::Write as _, path::Path};

use ::config::Map;

use super::*;

fn variables(of: &[(&str, &str)]) -> Map<String, String> {
    of.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    file.write_all(text.as_bytes()).expect("writes");
    file
}

fn load(text: &str, env: &[(&str, &str)], flags: Overrides) -> Result<Loaded, ConfigError> {
    let file = file(text);
    Config::load(&Sources { file: Some(file.path().to_owned()), flags, environment: Some(variables(env)) })
}

fn refused(text: &str, env: &[(&str, &str)]) -> String {
    let loaded = load(text, env, Overrides::default());
    let error = loaded.and_then(|loaded| validate_serve(&loaded)).expect_err("is refused").to_string();
    // The file's random name: what matters is that it is there.
    let name = error.split(": ").next().expect("a layer").to_owned();
    if Path::new(&name).extension().is_some() { error.replace(&name, "FILE") } else { error }
}

#[test]
fn the_later_layer_wins() {
    let text = "[server]\nlisten = \"127.0.0.1:1\"\nmetrics_listen = \"127.0.0.1:1001\"\n[limits]\nidle_seconds = 1\nlanes = 7";
    let env = [
        ("SEALTAPE__SERVER__LISTEN", "127.0.0.1:2"),
        ("SEALTAPE__LIMITS__IDLE_SECONDS", "2"),
        ("SEALTAPE_TEST_PG", "x"),
    ];
    let flags = Overrides { listen: Some(([127, 0, 0, 1], 3).into()), ..Overrides::default() };
    let config = load(text, &env, flags).expect("is good").config;
    assert_eq!(config.server.listen.port(), 3, "a flag beats the environment");
    assert_eq!(config.limits.idle_seconds, 2, "the environment beats the file");
    assert_eq!(config.limits.lanes, 7, "the file beats the default");
    assert_eq!(config.server.metrics_listen.port(), 1_001);
    assert_eq!(config.limits.session_seconds, 14_400, "what nobody says is the default");
}

#[test]
fn the_written_defaults_are_those_of_the_code() {
    let config = load("", &[], Overrides::default()).expect("is good").config;
    assert_eq!(config.segment, recording::Bounds::default());
    assert_eq!(format!("{:?}", config.limits), format!("{:?}", app::settings::Limits::default()));
    assert_eq!(format!("{:?}", config.password), format!("{:?}", app::settings::PasswordCost::default()));
    assert_eq!(config.jobs, app::settings::JobLimits::default());
    assert_eq!(config.storage.state(), PathBuf::from("data-state"));
}

/// serde lists a struct's fields when it refuses an unknown one, so a field without a line in the default file is seen.
#[test]
fn every_setting_has_a_line_in_the_default_file() {
    let text = include_str!("../../config.default.toml");
    for (section, error) in [
        ("segment", toml::from_str::<recording::Bounds>("no = 1").expect_err("is unknown")),
        ("limits", toml::from_str::<app::settings::Limits>("no = 1").expect_err("is unknown")),
        ("password", toml::from_str::<app::settings::PasswordCost>("no = 1").expect_err("is unknown")),
        ("jobs", toml::from_str::<app::settings::JobLimits>("no = 1").expect_err("is unknown")),
        ("mail", toml::from_str::<Mail>("no = 1").expect_err("is unknown")),
        ("server", toml::from_str::<Server>("no = 1").expect_err("is unknown")),
        ("storage", toml::from_str::<Storage>("no = 1").expect_err("is unknown")),
        ("database", toml::from_str::<Database>("no = 1").expect_err("is unknown")),
    ] {
        let fields: Vec<_> = error.message().split('`').skip(3).step_by(2).collect();
        assert!(fields.len() > 1, "{}", error.message());
        let part =
            text.split(&format!("[{section}]")).nth(1).expect("has the section").split("\n[").next().expect("a part");
        for field in fields {
            assert!(part.contains(&format!("{field} = ")), "{section}.{field}");
        }
    }
}

#[test]
fn an_error_names_the_file_and_the_key() {
    let mut errors = Vec::new();
    for (name, text, env) in [
        ("unknown key", "[server]\nlistn = 1", &[][..]),
        ("unknown section", "[serve]\nlisten = \"127.0.0.1:1\"", &[]),
        ("unknown variable", "", &[("SEALTAPE__LIMITS__IDLE_SECOND", "1")]),
        ("wrong kind", "[limits]\nidle_seconds = \"soon\"", &[]),
        ("negative", "[limits]\nlanes = -1", &[]),
        ("too large", "[limits]\ntabs_per_session = 70000", &[]),
        ("zero", "[limits]\npipeline_threads = 0", &[]),
        ("no address", "[server]\nlisten = \"localhost\"", &[]),
        ("no address in a variable", "", &[("SEALTAPE__SERVER__LISTEN", "8080")]),
        ("no url", "[server]\nconsole_origin = \"sealtape\"", &[]),
        ("format", "[log]\nformat = \"xml\"", &[]),
        ("filter", "[log]\nfilter = \"info,=\"", &[]),
        ("syntax", "[database]\nurl = \"postgres://u:hunter2@db/x", &[]),
        ("one host", "[server]\nconsole_origin = \"https://a.test\"\nreplay_origin = \"https://a.test:8443\"", &[]),
        (
            "one site",
            "[server]\nconsole_origin = \"https://app.a.test\"\nreplay_origin = \"https://replay.a.test\"",
            &[],
        ),
        ("plain http", "[server]\nconsole_origin = \"http://a.test\"\nreplay_origin = \"https://b.test\"", &[]),
        ("a path", "[server]\nconsole_origin = \"https://a.test/x\"", &[]),
        ("open without origins", "[server]\nlisten = \"0.0.0.0:8080\"", &[]),
        ("one address", "[server]\nmetrics_listen = \"127.0.0.1:8080\"", &[]),
        ("state inside data", "[storage]\ndata = \"x\"\nstate = \"x/keys\"", &[]),
        ("other database", "[database]\nurl = \"mysql://u:hunter2@db/x\"", &[]),
        ("no second role", "[database]\nurl = \"postgres://u:hunter2@db/x\"", &[]),
        ("no accepted keyring", "[database]\nurl = \"postgres://db/x\"\nsystem_url = \"postgres://db/x\"", &[]),
        ("url twice", "[database]\nurl = \"postgres://db/x\"\nurl_file = \"y\"", &[]),
        ("a lease like a pause", "[jobs]\nlease_seconds = 1", &[]),
        ("no mail server", "[mail]\nurl = \"https://u:hunter2@mail.test\"\nfrom = \"a@b.test\"", &[]),
        ("no sender", "[mail]\nurl = \"smtp://u:hunter2@mail.test\"", &[]),
        ("a sender that is none", "[mail]\nurl = \"smtp://mail.test\"\nfrom = \"sealtape\"", &[]),
        ("letters in clear", "[mail]\nurl = \"smtp://mail.test\"\nfrom = \"a@b.test\"\ntls = \"none\"", &[]),
        ("clear inside TLS", "[mail]\nurl = \"smtps://mail.test\"\nfrom = \"a@b.test\"\ntls = \"none\"", &[]),
        ("some TLS", "[mail]\ntls = \"sometimes\"", &[]),
        ("a language", "[mail]\nlanguage = \"fr\"", &[]),
        ("no secret file", "[database]\nurl_file = \"no/such/file\"", &[]),
    ] {
        let error = refused(text, env);
        assert!(!error.contains("hunter2"), "{error}");
        errors.push(format!("{name}\n    {error}"));
    }
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn a_missing_file_is_refused_only_when_it_was_named() {
    let sources =
        Sources { file: Some("no/such.toml".into()), environment: Some(variables(&[])), ..Sources::default() };
    let error = Config::load(&sources).expect_err("is not there").to_string();
    assert!(error.starts_with("no/such.toml: configuration: cannot be read"), "{error}");
    Config::load(&Sources { environment: Some(variables(&[])), ..Sources::default() }).expect("defaults do");
}

#[test]
fn sites_are_told_apart_by_domain() {
    let url = |text: &str| Url::parse(text).expect("a url");
    let differ = |console: &str, replay: &str| validate_origins(&url(console), &url(replay)).is_ok();
    assert!(differ("https://sealtape.example.com", "https://sealtape-replay.example.net"));
    assert!(differ("https://one.co.uk", "https://two.co.uk"), "co.uk is nobody's domain");
    assert!(!differ("https://a.one.co.uk", "https://b.one.co.uk"));
    assert!(!differ("https://example.com", "https://replay.example.com"));
    assert!(differ("http://localhost:8080", "http://127.0.0.1:8080"));
    assert!(!differ("http://localhost:8080", "http://LOCALHOST:8081"));
}

#[test]
fn secrets_come_from_files_too_and_are_never_printed() {
    let secret = file("postgres://app:hunter2@db/sealtape\n");
    let path = secret.path().display().to_string();
    let text = "[database]\nurl = \"postgres://app:older@db/sealtape\"\nsystem_url = \"postgres://system:hunter3@db/sealtape\"\n\
                [keys]\naccept_file_keyring = true";
    let loaded = load(text, &[("SEALTAPE__DATABASE__URL_FILE", &path)], Overrides::default()).expect("is good");
    validate_serve(&loaded).expect("may serve");
    let url = loaded.config.database.url.as_ref().expect("is set").expose();
    assert_eq!(url, "postgres://app:hunter2@db/sealtape", "the environment's file beats the file's value");

    let printed = loaded.print();
    for secret in ["hunter2", "hunter3", "older"] {
        assert!(!printed.contains(secret) && !format!("{loaded:?}").contains(secret), "{secret}");
    }
    assert!(printed.contains("url = \"***\""), "{printed}");
    printed.parse::<toml::Table>().expect("is TOML");
    Config::load(&Sources { file: None, flags: Overrides::default(), environment: Some(variables(&[])) })
        .expect("is good");
    insta::assert_snapshot!("defaults", load("", &[], Overrides::default()).expect("is good").print());
}
