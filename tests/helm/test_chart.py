"""The Helm chart: linted, rendered and held to the Kubernetes schemas and to Pod Security "restricted", offline.

Values that must be refused are here too: a schema nobody has seen refuse is decoration.
"""

import copy
import tomllib
import unittest
from pathlib import Path

import helm_python as helm
import kubernetes_validate
import yaml

CHART = Path(__file__).resolve().parents[2] / "helm"
KUBERNETES = ("1.27", "1.37")  # the oldest the chart allows, and the newest schemas there are


def values(name: str) -> dict:
    """One of the chart's own value files, as a dictionary that a test may change."""
    return yaml.safe_load((CHART / "ci" / f"{name}-values.yaml").read_text())


def changed(path: str, value: object, name: str = "smallest") -> dict:
    """The values with one dotted path set."""
    result = values(name)
    *parents, last = path.split(".")
    node = result
    for parent in parents:
        node = node.setdefault(parent, {})
    node[last] = value
    return result


def without(path: str) -> dict:
    """The smallest values with one dotted path removed."""
    result = values("smallest")
    *parents, last = path.split(".")
    node = result
    for parent in parents:
        node = node[parent]
    del node[last]
    return result


def render(chosen: dict) -> list[dict]:
    """Every object of a release, hooks included; the schema is checked first, as `helm install` does."""
    with helm.Chart.load(str(CHART)) as chart:
        chart.validate_schema(chosen)
        files = chart.render(chosen, name="acme", namespace="sealtape", is_install=True)
    objects = []
    for path, text in files.items():
        if not path.endswith("NOTES.txt"):
            objects.extend(item for item in yaml.safe_load_all(text) if item)
    return objects


def of_kind(objects: list[dict], kind: str) -> dict:
    """The one object of that kind."""
    found = [item for item in objects if item["kind"] == kind]
    assert len(found) == 1, f"{len(found)} objects of kind {kind}"
    return found[0]


def pods(objects: list[dict]) -> list[tuple[str, dict]]:
    """Name and pod spec of everything that starts a pod."""
    return [
        (f"{item['kind']} {item['metadata']['name']}", item["spec"]["template"]["spec"])
        for item in objects
        if item["kind"] in ("Deployment", "Job", "StatefulSet", "DaemonSet")
    ]


def violations(pod: dict) -> list[str]:
    """What Pod Security "restricted" would refuse, and our own rules on top (read-only root, no token)."""
    found = []
    context = pod.get("securityContext", {})
    if pod.get("hostNetwork") or pod.get("hostPID") or pod.get("hostIPC"):
        found.append("shares a namespace of the host")
    if pod.get("automountServiceAccountToken") is not False:
        found.append("mounts a service account token")
    allowed = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
    for volume in pod.get("volumes", []):
        if not set(volume) - {"name"} <= allowed:
            found.append(f"volume {volume['name']} is of a refused type")
    for container in pod.get("initContainers", []) + pod["containers"]:
        name = container["name"]
        own = container.get("securityContext", {})
        if own.get("privileged") or own.get("allowPrivilegeEscalation") is not False:
            found.append(f"{name} may gain privileges")
        if own.get("capabilities", {}).get("drop") != ["ALL"] or own.get("capabilities", {}).get("add"):
            found.append(f"{name} keeps capabilities")
        if not own.get("runAsNonRoot", context.get("runAsNonRoot")) or own.get("runAsUser", context.get("runAsUser")) == 0:
            found.append(f"{name} may run as root")
        if own.get("seccompProfile", context.get("seccompProfile", {})).get("type") not in ("RuntimeDefault", "Localhost"):
            found.append(f"{name} has no seccomp profile")
        if own.get("readOnlyRootFilesystem") is not True:
            found.append(f"{name} can write its root file system")
        if any("hostPort" in port for port in container.get("ports", [])):
            found.append(f"{name} takes a port of the host")
    return found


class Chart(unittest.TestCase):
    def test_lint_finds_nothing(self) -> None:
        for name in ("smallest", "everything"):
            report = helm.lint(str(CHART), values(name), strict=True, kube_version="v1.37.0")
            worse = [message for message in report["messages"] if message["severity"] >= 2]
            self.assertEqual(([], []), (worse, report["errors"]), name)

    def test_every_object_is_valid_kubernetes(self) -> None:
        for name in ("smallest", "everything"):
            for item in render(values(name)):
                for version in KUBERNETES:
                    with self.subTest(values=name, kind=item["kind"], kubernetes=version):
                        kubernetes_validate.validate(item, version, strict=True)

    def test_the_validator_refuses_a_wrong_object(self) -> None:
        item = of_kind(render(values("smallest")), "Deployment")
        item["spec"]["replicas"] = "one"
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(item, KUBERNETES[-1], strict=True)

    def test_what_a_release_is_made_of(self) -> None:
        base = ["ConfigMap", "Deployment", "Job", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"]
        kinds = sorted(item["kind"] for item in render(values("smallest")))
        self.assertEqual(sorted([*base, "PersistentVolumeClaim", "PersistentVolumeClaim"]), kinds)
        kinds = sorted(item["kind"] for item in render(values("everything")))
        self.assertEqual(sorted([*base, "Ingress", "PersistentVolumeClaim"]), kinds)


class Security(unittest.TestCase):
    def test_every_pod_is_restricted(self) -> None:
        for name in ("smallest", "everything"):
            found = pods(render(values(name)))
            self.assertEqual(2, len(found))
            for pod_name, spec in found:
                self.assertEqual([], violations(spec), f"{name}: {pod_name}")

    def test_the_check_sees_a_loosened_pod(self) -> None:
        spec = pods(render(values("smallest")))[0][1]

        def loosened(change) -> list[str]:
            other = copy.deepcopy(spec)
            change(other)
            return violations(other)

        context = lambda pod: pod["containers"][0]["securityContext"]  # noqa: E731
        self.assertIn("server may gain privileges", loosened(lambda p: context(p).pop("allowPrivilegeEscalation")))
        self.assertIn("server keeps capabilities", loosened(lambda p: context(p).pop("capabilities")))
        self.assertIn("server can write its root file system", loosened(lambda p: context(p).pop("readOnlyRootFilesystem")))
        self.assertIn("server may run as root", loosened(lambda p: context(p).update(runAsUser=0)))
        self.assertIn("mounts a service account token", loosened(lambda p: p.pop("automountServiceAccountToken")))
        self.assertIn(
            "volume data is of a refused type",
            loosened(lambda p: p["volumes"].__setitem__(1, {"name": "data", "hostPath": {"path": "/"}})),
        )

    def test_secrets_only_by_reference(self) -> None:
        for name in ("smallest", "everything"):
            objects = render(values(name))
            self.assertNotIn("Secret", [item["kind"] for item in objects])
            for pod_name, spec in pods(objects):
                for container in spec["containers"]:
                    for variable in container.get("env", []):
                        self.assertNotIn("value", variable, f"{pod_name}: {variable['name']} is written in clear")
                        self.assertIn("secretKeyRef", variable["valueFrom"])
            self.assertNotRegex(of_kind(objects, "ConfigMap")["data"]["sealtape.toml"], r"postgres(ql)?://|password")

    def test_the_service_never_holds_the_owner_role(self) -> None:
        objects = render(values("smallest"))
        used = {}
        for pod_name, spec in pods(objects):
            used[pod_name.split()[0]] = {
                variable["valueFrom"]["secretKeyRef"]["name"] for variable in spec["containers"][0]["env"]
            }
        self.assertEqual({"Deployment": {"sealtape-database"}, "Job": {"sealtape-database-owner"}}, used)

    def test_network_policy_lets_out_only_names_the_database_and_mail(self) -> None:
        policy = of_kind(render(values("everything")), "NetworkPolicy")["spec"]
        self.assertEqual(["Ingress", "Egress"], policy["policyTypes"])
        ports = [port["port"] for rule in policy["egress"] for port in rule["ports"]]
        self.assertEqual([53, 53, 6432, 465], ports)
        self.assertEqual([{"ipBlock": {"cidr": "10.20.0.0/24"}}], policy["egress"][1]["to"])
        self.assertEqual([{"ipBlock": {"cidr": "10.30.0.25/32"}}], policy["egress"][2]["to"])
        self.assertEqual(["http", "metrics"], [rule["ports"][0]["port"] for rule in policy["ingress"]])
        closed = of_kind(render(values("smallest")), "NetworkPolicy")["spec"]
        self.assertEqual(["http"], [rule["ports"][0]["port"] for rule in closed["ingress"]], "metrics are for nobody")
        self.assertEqual(2, len(closed["egress"]), "no mail server, no way to one")
        public = [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]
        opened = of_kind(render(changed("networkPolicy.receiversTo", public)), "NetworkPolicy")["spec"]["egress"][-1]
        self.assertEqual([443, 8443, 6514], [port["port"] for port in opened["ports"]])
        self.assertEqual(public, opened["to"])


class Wiring(unittest.TestCase):
    def test_probes_are_on_the_metrics_port(self) -> None:
        container = pods(render(values("smallest")))[0][1]["containers"][0]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        self.assertEqual({"http": 8080, "metrics": 9090}, ports)
        paths = {}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            get = container[probe]["httpGet"]
            self.assertEqual("metrics", get["port"])
            paths[probe] = get["path"]
        self.assertEqual({"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}, paths)

    def test_migrate_runs_before_and_needs_nothing_of_the_release(self) -> None:
        job = of_kind(render(values("smallest")), "Job")
        self.assertEqual("pre-install,pre-upgrade", job["metadata"]["annotations"]["helm.sh/hook"])
        spec = job["spec"]["template"]["spec"]
        self.assertEqual(["migrate"], spec["containers"][0]["args"])
        self.assertNotIn("serviceAccountName", spec)
        self.assertEqual([{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}], spec["volumes"])

    def test_service_and_budget_select_the_server_only(self) -> None:
        objects = render(values("smallest"))
        labels = of_kind(objects, "Deployment")["spec"]["template"]["metadata"]["labels"]
        migrate = of_kind(objects, "Job")["spec"]["template"]["metadata"]["labels"]
        for selector in (
            of_kind(objects, "Service")["spec"]["selector"],
            of_kind(objects, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
            of_kind(objects, "Deployment")["spec"]["selector"]["matchLabels"],
        ):
            self.assertLessEqual(selector.items(), labels.items())
            self.assertFalse(selector.items() <= migrate.items())

    def test_one_pod_may_be_drained(self) -> None:
        budget = of_kind(render(values("smallest")), "PodDisruptionBudget")["spec"]
        self.assertEqual(1, budget["maxUnavailable"])
        self.assertNotIn("minAvailable", budget)

    def test_settings_reach_the_file_and_change_the_pod(self) -> None:
        def settings_and_checksum(chosen: dict) -> tuple[dict, str]:
            objects = render(chosen)
            text = of_kind(objects, "ConfigMap")["data"]["sealtape.toml"]
            annotations = of_kind(objects, "Deployment")["spec"]["template"]["metadata"]["annotations"]
            return tomllib.loads(text), annotations["checksum/config"]

        plain, before = settings_and_checksum(values("smallest"))
        self.assertEqual("https://sealtape-replay.example.net", plain["server"]["replay_origin"])
        tuned, after = settings_and_checksum(changed("config", {"limits": {"segment_bytes": 500000}}))
        self.assertEqual({"segment_bytes": 500000}, tuned["limits"])
        self.assertNotEqual(before, after)

    def test_the_mail_server_comes_from_a_secret(self) -> None:
        def variables(name: str) -> list[str]:
            return [variable["name"] for variable in pods(render(values(name)))[0][1]["containers"][0]["env"]]

        self.assertIn("SEALTAPE__MAIL__URL", variables("everything"))
        self.assertNotIn("SEALTAPE__MAIL__URL", variables("smallest"))

    def test_neighbours_under_a_country_are_two_sites(self) -> None:
        render(changed("origins", {"console": "https://tape.one.co.uk", "replay": "https://tape.two.co.uk"}))

    def test_the_file_holds_only_settings_that_the_program_has(self) -> None:
        known = tomllib.loads((CHART.parent / "server" / "config.default.toml").read_text())
        without_default = {
            "server": {"console_origin", "replay_origin"},
            "storage": {"state"},
            "mail": {"from"},
        }
        for name in ("smallest", "everything"):
            written = tomllib.loads(of_kind(render(values(name)), "ConfigMap")["data"]["sealtape.toml"])
            for section, settings in written.items():
                self.assertLessEqual(set(settings), set(known[section]) | without_default.get(section, set()), section)

    def test_recordings_outlive_the_release(self) -> None:
        claims = [item for item in render(values("smallest")) if item["kind"] == "PersistentVolumeClaim"]
        self.assertEqual(["acme-sealtape-data", "acme-sealtape-state"], sorted(c["metadata"]["name"] for c in claims))
        for claim in claims:
            self.assertEqual("keep", claim["metadata"]["annotations"]["helm.sh/resource-policy"])

    def test_ingress_routes_both_hosts_over_tls(self) -> None:
        spec = of_kind(render(values("everything")), "Ingress")["spec"]
        hosts = ["sealtape.example.com", "sealtape-replay.example.net"]
        self.assertEqual(hosts, [rule["host"] for rule in spec["rules"]])
        self.assertEqual([{"hosts": hosts, "secretName": "sealtape-tls"}], spec["tls"])

    def test_a_digest_wins_over_the_tag(self) -> None:
        image = pods(render(changed("image.tag", "1.2.3", "everything")))[0][1]["containers"][0]["image"]
        self.assertRegex(image, r"^registry\.example\.com/sealtape@sha256:[0-9a-f]{64}$")


class Refusals(unittest.TestCase):
    def test_the_schema_refuses(self) -> None:
        cases = {
            "no values at all": {},
            "no image": without("image"),
            "no console origin": without("origins.console"),
            "no owner secret": without("database.owner"),
            "latest is no version": changed("image.tag", "latest"),
            "digest cut short": changed("image.digest", "sha256:abc"),
            "two replicas on one volume": changed("replicas", 2),
            "http origin": changed("origins.console", "http://sealtape.example.com"),
            "origin with a path": changed("origins.replay", "https://sealtape-replay.example.net/replay"),
            "database URL in clear": changed("database.app", {"url": "postgres://sealtape:secret@db/sealtape"}),
            "empty secret name": changed("database.app.secretName", ""),
            "misspelt key": changed("replica", 1),
            "misspelt inner key": changed("persistence.data.sise", "1Gi"),
            "size without a unit": changed("persistence.data.size", "50"),
            "port out of range": changed("database.port", 70000),
            "ingress without TLS": changed("ingress", {"enabled": True}),
            "peer that matches everything by accident": changed("networkPolicy.databaseTo", [{}]),
            "number as a label": changed("podLabels", {"team": 7}),
            "no time to finish uploads": changed("terminationGracePeriodSeconds", 0),
            "mail server without a sender": changed("mail", {"server": {"secretName": "mail"}}),
            "mail server in clear": changed("mail", {"server": {"url": "smtp://u:p@mail"}}),
            "setting outside a section": changed("config", {"segment_bytes": 1}),
        }
        with helm.Chart.load(str(CHART)) as chart:
            chart.validate_schema(values("smallest"))
            for why, chosen in cases.items():
                with self.subTest(why), self.assertRaises(helm.HelmError):
                    chart.validate_schema(chosen)

    def test_the_templates_refuse_what_a_schema_cannot_say(self) -> None:
        cases = {
            "another host than origins.console": changed("origins.replay", "https://sealtape.example.com:8443"),
            "another registrable domain": changed("origins.replay", "https://replay.example.com"),
            "not only another subdomain": changed(
                "origins", {"console": "https://tape.example.co.uk", "replay": "https://replay.example.co.uk"}
            ),
            "acceptFileKeyring": changed("rootKey.acceptFileKeyring", False),
            "config.database is written by the chart": changed("config", {"database": {"url": "postgres://db"}}),
        }
        for message, chosen in cases.items():
            with self.subTest(message), self.assertRaises(helm.HelmError) as refused:
                render(chosen)
            self.assertIn(message, str(refused.exception))


if __name__ == "__main__":
    unittest.main()
