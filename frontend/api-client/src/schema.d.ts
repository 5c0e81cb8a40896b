// Generated from openapi.json by `npm run generate -w @sealtape/api-client`. Do not edit.
export interface paths {
    "/.well-known/sealtape/keys.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the public keys by which others verify what this deployment signs, as a JWK Set (RFC 7517) with `kid` and use.
         * @description Keys of signed capture configs stand here, as will those of certificates; the keys of our own tokens are nobody else's
         *     business and are never in it.
         */
        get: operations["key_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/sealtape/ledger/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest signed checkpoint of the deployment's own log: a signed note (C2SP tlog-checkpoint).
         * @description Where the operator has named witnesses, it carries their signatures (C2SP tlog-cosignature) as soon as they looked.
         */
        get: operations["ledger_checkpoint_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/sealtape/ledger/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the public key by which checkpoints of the deployment's own log are verified: `name+id+base64`. */
        get: operations["ledger_key_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/sealtape/ledger/tile/{tile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a tile of the deployment's own log: up to 256 hashes of 32 bytes (C2SP tlog-tiles).
         * @description With them anybody can check that one of its checkpoints continues an earlier one.
         */
        get: operations["ledger_tile_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List access requests, newest first.
         * @description Everybody's for those who may see them (`grant.list`), one's own for everybody else.
         */
        get: operations["access_request_list"];
        put?: never;
        /**
         * Ask for access to sessions.
         * @description Reviewers of the tenant are told. A request that nobody decides within an hour lapses.
         */
        post: operations["access_request_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One access request or grant.
         * @description Somebody else's is not found by those who may see their own only. Sessions are shown as metadata, nothing recorded.
         */
        get: operations["access_request_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-requests/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve an access request.
         * @description It may be used once everything in `needs` is met. Nobody approves their own, and an approval counts only while its
         *     giver may review.
         */
        post: operations["access_request_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-requests/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an access request of your own back, or give the grant up. */
        post: operations["access_request_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-requests/{id}/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deny an access request; one reviewer's no is enough. */
        post: operations["access_request_deny"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's access rules: what a request takes. */
        get: operations["access_rules_view"];
        /**
         * Replace the tenant's access rules.
         * @description Rules that let nothing more through are in force at once. Looser ones, and switching `strict` off, take a second person:
         *     the answer is the proposal.
         */
        put: operations["access_rules_update"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the agent is to capture by: a compact JWS (`typ: sealtape-config+jwt`, `EdDSA`).
         * @description Its keys are in `/.well-known/sealtape/keys.json`. It is good for a day; another one is there after half of it. `ETag` names
         *     exactly these bytes: with it in `If-None-Match` the answer is 304. While capture is stopped it is 403 `not-recorded`.
         */
        get: operations["agent_config_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a session. */
        post: operations["agent_session_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/sessions/{id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that a tab is over: a hint, segments may still follow. */
        post: operations["agent_session_finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/sessions/{id}/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say who the recorded person is.
         * @description A claim, never taken for proof. 409 `subject-changed` when the session is somebody else's already.
         */
        post: operations["agent_session_identify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/sessions/{id}/segments/{tab}/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Upload a segment.
         * @description 200 means durable. Sending the same bytes again gets the same answer; other bytes under a number that is taken, or a number
         *     that is not the tab's next, get 409 with `next`. `Content-Digest` is required.
         */
        put: operations["agent_segment_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/sessions/{id}/tabs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a further tab of a session. */
        post: operations["agent_tab_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/sessions/{id}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renew a session token, to send what is still queued; until 72 hours after the session's start. */
        post: operations["agent_token_renew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agent/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a segment: a JSON head line, a line feed, then the body's bytes.
         * @description The same as the `PUT` form without a preflight. The head is checked before the rest is read.
         */
        post: operations["agent_segment_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys, newest first, ended ones too.
         * @description Everybody's for those who may see members, one's own for others.
         */
        get: operations["api_key_list"];
        put?: never;
        /**
         * Create an API key.
         * @description It acts for whoever makes it, and never may more than they may at the moment of its use. The key is shown this once.
         */
        post: operations["api_key_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key.
         * @description It is refused within 5 seconds. Doing it again changes nothing.
         */
        delete: operations["api_key_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest signed checkpoint of the tenant's audit log: a signed note (C2SP tlog-checkpoint).
         * @description Its first line names deployment, tenant and epoch. A log that grew is signed within five seconds, and each is signed
         *     again at least every hour.
         */
        get: operations["audit_checkpoint_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the signed checkpoints of the audit log, newest first. */
        get: operations["audit_checkpoint_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log, newest first.
         * @description Reading it is an event itself, on record before anything is shown; further looks of the same reader within a minute
         *     belong to it.
         */
        get: operations["audit_event_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one event of the audit log.
         * @description It counts as reading the log.
         */
        get: operations["audit_event_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/events/{id}/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open what was put on record beside an event, under the keys of the persons whom it is about.
         * @description Each look is an event of its own, one for each person, on record before anything is shown. What is shown was checked
         *     against the event.
         */
        get: operations["audit_detail_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the exports of the audit log, newest first. */
        get: operations["audit_export_list"];
        put?: never;
        /**
         * Begin to take the audit log out, up to the newest signed checkpoint.
         * @description Entries hold ids, times and fixed words; what is sealed beside them stays. The log is looked through in the background;
         *     once the export is `ready` it can be downloaded until `expires_at`, also by others who may. A few a day.
         */
        post: operations["audit_export_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/exports/{audit_export}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how an export of the audit log stands. */
        get: operations["audit_export_view"];
        put?: never;
        post?: never;
        /**
         * Cancel an export of the audit log that is not ready, or remove one that is over, failed or no longer wanted.
         * @description A download of it that runs is cut.
         */
        delete: operations["audit_export_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/exports/{audit_export}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download an export of the audit log.
         * @description Every download is on record before its first byte. One that was cut ends without the checkpoint of its last line. Check it
         *     with `sealtape-verify export`.
         */
        get: operations["audit_export_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how the audit log stands: how far it is behind, and whether it is refused. */
        get: operations["audit_health_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the key by which the tenant's checkpoints are verified: a C2SP verifier key, `name+id+base64`.
         * @description Note it down once and compare: whoever could change the log's past could also change this answer.
         */
        get: operations["audit_key_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/proof/anchor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prove that a checkpoint of the audit log stands in the deployment's own log, which witnesses outside sign.
         * @description It is the newest one that witnesses saw, or, where the operator named none, the newest that was entered; with `size`, the newest
         *     in the checkpoint of so many entries that lies in WORM storage. Everything in it can be checked offline: `sealtape-verify
         *     anchor`.
         */
        get: operations["audit_anchor_prove"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/proof/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prove that the log continues one that was seen before: nothing of it was changed or taken out.
         * @description Check it against the earlier checkpoint that you kept.
         */
        get: operations["audit_consistency_prove"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/proof/inclusion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prove that an event is in the log that was signed last.
         * @description The proof is checked before it is handed out: when what is stored of the event is not what was signed, the answer is 409
         *     `integrity-fail` and names the index.
         */
        get: operations["audit_inclusion_prove"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/subjects/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find a recorded person by e-mail address or user id.
         * @description Each search is on record with its purpose, whatever it finds; the identifier is not.
         */
        post: operations["audit_subject_find"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/subjects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who saw a recorded person: what members and their keys did about the person and to the person's sessions.
         * @description Newest first. Each page is an event of its own, on record before anything is shown.
         */
        get: operations["audit_subject_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/tile/entries/{tile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the entries whose hashes a tile of level 0 holds, each behind its length in two bytes (C2SP tlog-tiles).
         * @description An entry is an audit leaf: canonical JSON of ids, times and fixed words. Reading entries is on record like reading events.
         */
        get: operations["audit_entries_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/tile/{tile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a tile of the log: up to 256 hashes of 32 bytes (C2SP tlog-tiles).
         * @description The path is `<level>/<number>`, the number in groups of three digits of which all but the last begin with `x`, and for a
         *     tile that is not full `.p/<width>`: `0/x001/x234/067`, `1/000.p/5`. Every width up to what the newest checkpoint holds
         *     is there.
         */
        get: operations["audit_tile_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with e-mail and password.
         * @description Answers with an access token and sets the refresh cookie; or, for a member with a second factor, with a challenge for it,
         *     and sets nothing. An unknown address and a wrong password are answered alike.
         */
        post: operations["auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this sign-in.
         * @description Its access tokens stop working within 5 seconds. Without a cookie there is nothing to end, and the answer is the same.
         */
        post: operations["auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete a sign-in with a second factor.
         * @description A challenge is good for five minutes, five tries and one answer. Each code is good once.
         */
        post: operations["auth_mfa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change one's own password in this tenant.
         * @description Ends all other sign-ins. A wrong old password counts as an attempt to sign in.
         */
        post: operations["password_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a link to set a new password.
         * @description The link is mailed, and good once and for an hour. The answer is the same for every address, and made before any look-up.
         */
        post: operations["password_forgot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password with a mailed link.
         * @description Works once, ends all sign-ins, and signs nobody in: the next sign-in asks for the second factor of a member who has one. A
         *     link that is not good any more, or never was, is 410.
         */
        post: operations["password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the refresh cookie and get a fresh access token.
         * @description Using a refresh token again later than 10 seconds after its rotation, or from another browser family or network than
         *     the sign-in, ends the whole sign-in.
         */
        post: operations["auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List one's own sign-ins, newest first. */
        get: operations["sign_in_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of one's own sign-ins.
         * @description Its access tokens stop working within 5 seconds. Doing it again changes nothing.
         */
        delete: operations["sign_in_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove again who I am.
         * @description Use cases that a stolen token must not reach answer 403 `step-up-required` until this was done a short time ago.
         */
        post: operations["auth_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/step-up/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what would prove me again.
         * @description Needed for a security key, which signs a question; codes and the password come without. 409 `no-factor` when the
         *     password is what proves me.
         */
        post: operations["auth_step_up_challenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change over to another tenant that one is a member of.
         * @description To those of `GET /v1/me/tenants` only: tenants in which the password of this sign-in was right too. Who has a second factor
         *     there is answered with a challenge for it, and calls again with the answer. This sign-in ends, and one in the other tenant
         *     begins, which ends no later.
         */
        post: operations["auth_switch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/break-glass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List broken glass, newest first, with its reviews. */
        get: operations["break_glass_list"];
        put?: never;
        /**
         * Break glass: open sessions at once, without anybody's approval.
         * @description It takes a second factor shown within the last ten minutes. Everybody who reviews is told at once; the use is to be
         *     reviewed within 72 hours. It never opens restricted sessions, shows nothing unmasked, exports nothing and is not renewed.
         */
        post: operations["break_glass_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/break-glass/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Review a broken glass, once it is over.
         * @description Nobody reviews their own use, and nobody reviews while a use of their own waits for its review. A use that is not
         *     reviewed within 72 hours keeps everybody of that role from breaking glass.
         */
        post: operations["break_glass_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the sample sign-ins of a demo.
         * @description Answered in demo mode and to a peer on this machine only; otherwise the path does not exist.
         */
        get: operations["demo_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what the console needs before sign-in. */
        get: operations["deployment_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an export of one's own: until when it can be downloaded, and how often it was. */
        get: operations["export_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{id}/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download an export of one's own.
         * @description A sealed file that the export's key opens: one gzip member of JSON lines, the first of which says what it is; the others
         *     are those of `GET /v1/sessions/{id}/events`, as the taker may see them at this moment. Each download is decided anew, on
         *     record before the first byte, and counted. One that was cut does not open.
         */
        get: operations["export_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List grants, newest first: what was approved at some time, and broken glass.
         * @description Everybody's for those who may see them (`grant.list`), one's own for everybody else. A grant's details are at
         *     `/v1/access-requests/{id}`: request and grant are one.
         */
        get: operations["grant_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/grants/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a grant before its time. What is being watched under it is cut within five seconds. */
        post: operations["grant_revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List invitations that wait to be accepted, newest first. */
        get: operations["invitation_list"];
        put?: never;
        /**
         * Invite somebody to become a member.
         * @description The link is good once and for 72 hours, and is shown this once. Only an owner invites owners, and only an owner or privacy
         *     officer privacy officers.
         */
        post: operations["invitation_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation: become a member.
         * @description Works once. Sign in afterwards. A link that is not good any more, or never was, is 410.
         */
        post: operations["invitation_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read what an invitation's link is for, before accepting it.
         * @description Uses nothing up. A link that is not good any more, or never was, is 410.
         */
        post: operations["invitation_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw an invitation.
         * @description Its link is not good any more, and the address is destroyed. Doing it again changes nothing.
         */
        delete: operations["invitation_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new link for an invitation that waits.
         * @description The link before it is not good any more.
         */
        post: operations["invitation_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read whether capture is stopped in every project. What stops one project is in the project. */
        get: operations["kill_switch_view"];
        put?: never;
        /**
         * Stop capture in every project, or let it go on.
         * @description From the answer on no upload is taken: agents get 410 and drop what they have not sent; sessions that were recorded so far
         *     stay. Switching off lets capture go on where no project is stopped by itself, for pages that are loaded from then on.
         */
        post: operations["kill_switch_set"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read who I am. */
        get: operations["me_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read my second factors.
         * @description What is enrolled, and when I last proved who I am. No secret is ever shown again.
         */
        get: operations["mfa_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/mfa/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make recovery codes.
         * @description Needs a fresh second factor. The codes made before are good no more.
         */
        post: operations["recovery_code_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/mfa/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put the authenticator app in force.
         * @description From now on a sign-in asks for a code. Make recovery codes next.
         */
        put: operations["totp_confirm"];
        /**
         * Begin to enrol an authenticator app.
         * @description The secret counts for nothing until one of its codes came back. Beginning again drops what was begun before.
         */
        post: operations["totp_begin"];
        /**
         * Remove the authenticator app.
         * @description Needs a fresh second factor. With the last factor the recovery codes end too.
         */
        delete: operations["totp_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/mfa/webauthn": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register a security key.
         * @description The key must have checked who holds it (PIN, finger, face). From now on a sign-in asks for a second factor.
         */
        post: operations["security_key_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/mfa/webauthn/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to register a security key.
         * @description `webauthn.publicKey` is for `navigator.credentials.create`. Keys that are registered already are excluded.
         */
        post: operations["security_key_challenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/mfa/webauthn/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove one of my security keys.
         * @description Needs a fresh second factor. With the last factor the recovery codes end too.
         */
        delete: operations["security_key_remove"];
        options?: never;
        head?: never;
        /** Rename one of my security keys. */
        patch: operations["security_key_rename"];
        trace?: never;
    };
    "/v1/me/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read my notices. */
        get: operations["notice_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/notices/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark notices as read. */
        post: operations["notice_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what I may do, and why.
         * @description For showing and hiding controls; each operation decides again.
         */
        get: operations["me_permissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read my preferences. */
        get: operations["preference_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change my preferences. */
        patch: operations["preference_change"];
        trace?: never;
    };
    "/v1/me/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the other tenants that this sign-in can change over to.
         * @description Those in which the same address is a member's and the password of this sign-in was right too.
         */
        get: operations["me_tenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tenant's members. */
        get: operations["member_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one member. */
        get: operations["member_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a member's access.
         * @description Sign-ins, access tokens, API keys and open links of theirs stop working within 5 seconds. Doing it again changes nothing.
         *     The last active owner cannot be disabled, and nobody disables themselves.
         */
        post: operations["member_disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a disabled member their access back.
         * @description They sign in anew. Doing it again changes nothing.
         */
        post: operations["member_enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What may this member do, and why? */
        get: operations["member_permissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}/reset-factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a member's second factors away, when they lost them.
         * @description Factors and recovery codes end, and so do the member's sign-ins; the password is what proves them until they enrol anew. They
         *     are told. Whoever does this cannot be the other one of two people with that member for 30 days. Nobody does it to themselves.
         */
        post: operations["member_factors_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List my tenant's jobs. */
        get: operations["job_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the letters that this deployment keeps because it has no mail server.
         * @description Each look leaves a row in the audit log. With a mail server nothing is kept, and the answer is 409.
         */
        get: operations["mail_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tenant's projects. */
        get: operations["project_list"];
        put?: never;
        /** Create a project. */
        post: operations["project_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one project. */
        get: operations["project_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a project's name, sensitivity or environment. */
        patch: operations["project_update"];
        trace?: never;
    };
    "/v1/projects/{id}/agent-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a project's agent keys, revoked ones too. */
        get: operations["agent_key_list"];
        put?: never;
        /** Create an agent key. */
        post: operations["agent_key_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/agent-keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an agent key.
         * @description It starts no further session; sessions that it started may finish. Revoking again changes nothing.
         */
        delete: operations["agent_key_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/capture-config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the project's agents are told: the capture config in clear and as it is signed.
         * @description `sealtape-verify config` checks the signed form with the key that is in `/.well-known/sealtape/keys.json`.
         */
        get: operations["capture_config_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/kill-switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop capture in one project, or let it go on.
         * @description As the tenant's kill switch, for one project. Both stop by themselves: capture goes on when neither is on.
         */
        post: operations["project_kill_switch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List proposals, newest first. */
        get: operations["proposal_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One proposal.
         * @description For whoever may list them and for its proposer; in solo mode for every member, because every member may stop it.
         */
        get: operations["proposal_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a proposal; it is carried out at once.
         * @description An approval counts only from a member with a second factor of their own, shown within the last ten minutes, who has
         *     been seven days in the role that lets them vote, was not invited, promoted or reset by the proposer within thirty days,
         *     and does not gain by the change. When what it was to change is no longer as it was, the proposal is void instead.
         */
        post: operations["proposal_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a proposal of your own back; in solo mode, stop anybody's. */
        post: operations["proposal_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proposals/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reject somebody else's proposal. Also who could not approve it can. */
        post: operations["proposal_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/role-bindings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who has which role. */
        get: operations["role_binding_list"];
        put?: never;
        /**
         * Give a member a role.
         * @description It counts within 5 seconds. Nobody changes their own roles. Only an owner makes owners, and only an owner or privacy
         *     officer privacy officers; both roles are given for every session, and take a second person: the answer is the proposal.
         */
        post: operations["role_binding_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/role-bindings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a role from a member.
         * @description It counts within 5 seconds. The last active owner stays one.
         */
        delete: operations["role_binding_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tenant's own roles. */
        get: operations["role_list"];
        put?: never;
        /**
         * Make a role of the tenant's own.
         * @description It can allow no more than whoever makes it may do everywhere. Nobody has it yet: give it with a role binding.
         */
        post: operations["role_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What every role may do, and for which sessions it is held. */
        get: operations["role_matrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a role of the tenant's own. */
        get: operations["role_view"];
        /**
         * Replace a role of the tenant's own.
         * @description It counts for everybody who has it within 5 seconds. Nobody changes a role that they have themselves.
         */
        put: operations["role_update"];
        post?: never;
        /** Remove a role of the tenant's own that nobody has. */
        delete: operations["role_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find sessions.
         * @description What is sealed is found by blind tokens: exact values only. Whatever is listed can also be opened.
         */
        get: operations["session_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow sessions as they change.
         * @description Server-sent events: `event: session`, `data:` a session as in the list. Read it by fetch with the access token.
         */
        get: operations["session_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open one session: its details, tabs, gaps and pages. */
        get: operations["session_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a session: its recorded events as a stream of JSON lines.
         * @description First `{"head":{…}}` with the open `panes`, whether text is `masked`, and the `watermark` to draw over the picture, then `{"tab":0,"event":{…}}` and `{"gap":{…}}` by time, last `{"end":{"complete":true,…}}`; without
         *     an end line the stream was cut. That somebody watches is in the audit log before the first byte.
         */
        get: operations["session_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a session out of the system.
         * @description For 24 hours whoever took it can download it as a sealed file; the key that opens the file is shown this once. It takes a
         *     grant with the verb `export`: no role lets sessions out, though one can deny it. Those who review access are told.
         */
        post: operations["export_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See who took a session out. */
        get: operations["export_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a session's labels. */
        get: operations["session_label_list"];
        put?: never;
        /**
         * Put a label on a session.
         * @description A label that it has already stays as it is. Roles can be held for labelled sessions only, or for all but those.
         */
        post: operations["session_label_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a label from a session.
         * @description Taking away what is not there changes nothing.
         */
        delete: operations["session_label_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a session's manifest; while the session is live there is none. */
        get: operations["session_manifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/viewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See who watched a session. */
        get: operations["session_viewers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the first tenant, with its owner, and invite its privacy officer.
         * @description Works once, with the token that the server printed at its start. Five wrong tokens close it until the server is started
         *     again. The owner signs in afterwards.
         */
        post: operations["setup_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the receivers of the audit log, newest first. */
        get: operations["webhook_list"];
        put?: never;
        /**
         * Create a receiver of the audit log.
         * @description It gets every signed entry, from the first of the log on, in the log's order, at least once. Making one takes a fresh proof
         *     of who you are.
         */
        post: operations["webhook_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See one receiver of the audit log. */
        get: operations["webhook_view"];
        put?: never;
        post?: never;
        /**
         * Remove a receiver of the audit log, with the log of its deliveries.
         * @description It takes a fresh proof of who you are, and a second person: the answer is the proposal. One to which nothing ever arrived,
         *     and whose last try failed, is removed at once.
         */
        delete: operations["webhook_delete"];
        options?: never;
        head?: never;
        /**
         * Change a receiver of the audit log, stop it or let it go on.
         * @description It takes a fresh proof of who you are. What makes it hear less (fewer acts, another address, a pause) or more about persons
         *     (`detail`, and more acts or another address with it) takes a second person: the answer is the proposal.
         */
        patch: operations["webhook_update"];
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what was sent to a receiver and what waits, newest first.
         * @description Settled deliveries are kept for 30 days, and of each receiver the newest 1 000.
         */
        get: operations["webhook_delivery_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery now: one that waits, one that was given up, or once more one that has arrived.
         * @description It has the same `webhook-id` and the same body as before.
         */
        post: operations["webhook_redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook another secret.
         * @description For 24 hours messages carry two signatures, so that a receiver can change over without losing any. It takes a fresh proof of
         *     who you are.
         */
        post: operations["webhook_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message without entries, to see whether it arrives.
         * @description It is sent within seconds; look at it among the deliveries.
         */
        post: operations["webhook_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description What an action is about.
         * @enum {string}
         */
        About: "own" | "session" | "project" | "tenant";
        /** @description An approval. */
        AccessRequestApprove: {
            comment?: string | null;
            /** @description The `seen` of the request as it was shown. */
            seen: string;
        };
        /** @description An access request to be. Either `sessions` or `filter`. */
        AccessRequestCreate: {
            filter?: components["schemas"]["WantedSessions"] | null;
            /**
             * Format: int32
             * @description For how long, from the last needed approval on.
             * @default 60
             */
            minutes: number;
            purpose: components["schemas"]["GrantPurpose"];
            /** @description Why, in your words. Reviewers read it; it is stored sealed. */
            reason: string;
            /** @description Exactly these sessions. */
            sessions?: string[] | null;
            /**
             * @description The ticket it belongs to.
             * @example SHOP-1742
             */
            ticket: string;
            verb: components["schemas"]["GrantVerb"];
        };
        /** @description A denial. */
        AccessRequestDeny: {
            /** @description What the requester should know. */
            comment?: string | null;
        };
        /** @description More than the base asks for, for some requests. What is empty or null does not narrow. */
        AccessRule: {
            /**
             * Format: int32
             * @description How many different people must approve.
             */
            approvals: number;
            /** @description For sessions with any of these labels. */
            labels?: string[];
            /**
             * Format: uuid
             * @description For sessions of this project.
             */
            project?: string | null;
            /**
             * @description In one of these roles each; anybody who may review when empty.
             * @example [
             *       "privacy-officer"
             *     ]
             */
            reviewers?: string[];
            sensitivity?: components["schemas"]["RuleSensitivity"] | null;
            /** @description For requests of any of these verbs. */
            verbs?: components["schemas"]["GrantVerb"][];
        };
        /** @description What a tenant asks for. */
        AccessRulesBody: {
            /**
             * Format: int32
             * @description How many different people must approve any request.
             */
            approvals: number;
            /** @description In one of these roles each; anybody who may review when empty. */
            reviewers: string[];
            /** @description What is asked for beyond that; all that apply must be met. */
            rules: components["schemas"]["AccessRule"][];
            /**
             * @description Without two people who could decide together, changes that take two people wait until there are; otherwise they wait
             *     24 hours, in which every member may stop them (solo mode).
             */
            strict: boolean;
        };
        /** @description Rules to be. */
        AccessRulesUpdate: {
            /** Format: int32 */
            approvals: number;
            reviewers: string[];
            /**
             * Format: int64
             * @description The revision that these replace.
             */
            revision: number;
            rules: components["schemas"]["AccessRule"][];
            strict: boolean;
        };
        /** @description The rules in force. */
        AccessRulesView: components["schemas"]["AccessRulesBody"] & {
            /**
             * Format: date-time
             * @description Null while nobody changed the default.
             */
            changed_at: string | null;
            /**
             * Format: int64
             * @description Counts changes; a change names the revision that it replaces.
             */
            revision: number;
        };
        /** @description Where a receiver of the audit log is, and where it is to be. */
        AddressChange: {
            now: string;
            then: string;
        };
        /** @description An agent key to be. */
        AgentKeyCreate: {
            /**
             * @description Pages of these origins may use it: scheme, host and port, nothing behind.
             * @example [
             *       "https://shop.example"
             *     ]
             */
            origins: string[];
        };
        /** @description A project's agent keys; there are few, so there is one page. */
        AgentKeyList: {
            items: components["schemas"]["AgentKeyView"][];
            /** @description Always null. */
            next_cursor: string | null;
        };
        /** @description One agent key. */
        AgentKeyView: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /** @description The key itself: public, it stands in the page. */
            key: string;
            /**
             * @description Pages of these origins may use it.
             * @example [
             *       "https://shop.example"
             *     ]
             */
            origins: string[];
            /**
             * Format: date-time
             * @description Since when it is refused.
             */
            revoked_at: string | null;
        };
        /** @description What recorded the session. */
        AgentVersion: {
            name: string;
            version: string;
        };
        /** @description No choice to make: `{}`. */
        AllOfThem: Record<string, never>;
        /** @description A key to be. */
        ApiKeyCreate: {
            /**
             * Format: date-time
             * @description At most one year ahead.
             */
            expires_at: string;
            /**
             * @description What it is for.
             * @example nightly report
             */
            name: string;
            /**
             * @description Networks it may come from; from everywhere when there are none.
             * @example [
             *       "203.0.113.0/24"
             *     ]
             */
            networks?: string[];
            /**
             * Format: uuid
             * @description Bind it to one project: it then reaches nothing else.
             */
            project_id?: string | null;
            /**
             * @description Actions it is for: at most those that whoever makes it may do.
             * @example [
             *       "session.list",
             *       "session.view"
             *     ]
             */
            scopes: string[];
        };
        /** @description A key that was just made. */
        ApiKeyCreated: components["schemas"]["ApiKeyView"] & {
            /** @description The key itself, shown this once: send it as `Authorization: Bearer …`. */
            key: string;
        };
        /** @description One page of keys. */
        ApiKeyList: {
            items: components["schemas"]["ApiKeyView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description An API key, without its secret. */
        ApiKeyView: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /**
             * Format: uuid
             * @description Also the readable part of the key.
             */
            id: string;
            /**
             * Format: date-time
             * @description To the hour; null when it never was.
             */
            last_used_at: string | null;
            /**
             * Format: uuid
             * @description Who made it, and for whom it acts.
             */
            member_id: string;
            /** @description What it is for. */
            name: string;
            /**
             * @description Networks it may come from; from everywhere when there are none.
             * @example [
             *       "203.0.113.0/24"
             *     ]
             */
            networks: string[];
            /**
             * Format: uuid
             * @description The only project it reaches, when it is bound to one.
             */
            project_id: string | null;
            /**
             * Format: date-time
             * @description Since when it is refused.
             */
            revoked_at: string | null;
            /**
             * @description Actions it is for. Of these it may do what its member may at that moment.
             * @example [
             *       "session.list",
             *       "session.view"
             *     ]
             */
            scopes: string[];
        };
        /** @description What a security key signed. */
        AssertionAnswer: {
            /** @description base64url. */
            authenticatorData: string;
            /** @description base64url. */
            clientDataJSON: string;
            /** @description base64url. */
            signature: string;
            /** @description base64url. */
            userHandle?: string | null;
        };
        /**
         * @description What a security key answered to `navigator.credentials.get`, as `PublicKeyCredential.toJSON` writes it. Members that are
         *     not listed here are the browser's and are not looked at.
         */
        AssertionCredential: {
            /** @description The credential's id, base64url. */
            id: string;
            /** @description What it signed. */
            response: components["schemas"]["AssertionAnswer"];
        };
        /** @description What a security key made. */
        AttestationAnswer: {
            /** @description base64url. */
            attestationObject: string;
            /** @description base64url. */
            clientDataJSON: string;
            /** @description How the key can be reached: `usb`, `nfc`, `ble`, `internal`, `hybrid`. */
            transports?: string[];
        };
        /**
         * @description What a security key answered to `navigator.credentials.create`, as `PublicKeyCredential.toJSON` writes it. Members that
         *     are not listed here are the browser's and are not looked at.
         */
        AttestationCredential: {
            /** @description The credential's id, base64url. */
            id: string;
            /** @description What it made. */
            response: components["schemas"]["AttestationAnswer"];
        };
        /** @description Why the log is not signed any more. */
        AuditAlarm: {
            /**
             * Format: int64
             * @description The first index that does not fit, where there is one.
             */
            index: number | null;
            /**
             * @description `shrunk`: it is shorter than what was signed; `forked`: it is another log; `changed`: what is stored of it contradicts
             *     itself; `unsigned`: it has a checkpoint that is not of its key; `anchor`: what lies in storage outside says that the
             *     database was taken back or rebuilt.
             */
            reason: string;
            /** Format: date-time */
            since: string;
        };
        /** @description That a checkpoint of the tenant's log is an entry of the deployment's own log. */
        AuditAnchor: {
            /** @description The signed note of the deployment's checkpoint whose root they lead to, with the signatures of witnesses. */
            anchor: string;
            /** @description The signed note of the tenant's checkpoint. */
            checkpoint: string;
            /** @description The entry of the deployment's log that names it, in base64. */
            entry: string;
            /** @description The hashes from the entry's sibling up, each in base64. */
            hashes: string[];
            /**
             * Format: int64
             * @description The entry's index there.
             */
            index: number;
            /**
             * Format: date-time
             * @description When the first of them looked; null when none did.
             */
            witnessed_at: string | null;
            /**
             * Format: int64
             * @description How many witnesses signed it.
             */
            witnesses: number;
        };
        /** @description A head of the audit log as it was signed. */
        AuditCheckpoint: {
            /** @description The log's name: deployment, tenant, epoch. */
            origin: string;
            /** @description Its root, in base64. */
            root: string;
            /** Format: date-time */
            signed_at: string;
            /**
             * Format: int64
             * @description Number of its entries.
             */
            size: number;
        };
        /** @description One page of checkpoints, newest first. */
        AuditCheckpointList: {
            items: components["schemas"]["AuditCheckpoint"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description How much of the log is covered by a checkpoint of the deployment's own log that somebody outside holds. */
        AuditCovered: {
            /**
             * Format: date-time
             * @description When a witness last signed that checkpoint, or it was put into storage; null while none covers this log.
             */
            at: string | null;
            /**
             * Format: int64
             * @description Number of its entries that are.
             */
            size: number;
        };
        /** @description What was put on record beside an event. */
        AuditDetail: {
            /** @description One part about each person, the acting one's first. Each is erased on its own. */
            parts: components["schemas"]["DetailPart"][];
        };
        /** @description One event of the audit log. */
        AuditEvent: {
            /** @description What was done: `resource.verb`. */
            act: string;
            actor: components["schemas"]["EventActor"];
            /** Format: date-time */
            at: string;
            /** @description Whether more was put on record, under the person's key. */
            has_detail: boolean;
            /** Format: uuid */
            id: string;
            /**
             * Format: int64
             * @description Its index in the log; null until it has one, within a second or two.
             */
            index: number | null;
            object: components["schemas"]["EventObject"];
            /** @description `allow`, `deny` or `error`. */
            outcome: string;
            /**
             * Format: uuid
             * @description The request or run that it was part of.
             */
            request: string;
            /** @description The policy version and rule that decided. */
            rule: string;
        };
        /** @description An export of the audit log. */
        AuditExport: {
            /**
             * Format: int64
             * @description Bytes of the file, once it is ready.
             */
            bytes: number | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            created_by: string;
            /**
             * Format: int64
             * @description Entries of the log that were looked at.
             */
            done: number;
            /**
             * Format: int64
             * @description Entries in the file, once it is ready.
             */
            entries: number | null;
            /**
             * Format: date-time
             * @description It can be downloaded until then.
             */
            expires_at: string;
            filter: components["schemas"]["AuditExportFilter"] | null;
            format: components["schemas"]["AuditExportFormat"];
            /** Format: uuid */
            id: string;
            /** @description The code of what went wrong, when it failed. */
            problem: string | null;
            /**
             * Format: int64
             * @description Entries of the log up to the signed checkpoint that the export ends with.
             */
            size: number | null;
            /** @description `waiting`, `running`, `ready`, `failed`, `expired` or `cancelled`. */
            state: string;
            /**
             * Format: int64
             * @description Entries of the log to look at.
             */
            total: number;
        };
        /** @description What to take out. */
        AuditExportCreate: {
            filter?: components["schemas"]["AuditExportFilter"] | null;
            format: components["schemas"]["AuditExportFormat"];
        };
        /** @description Which entries are wanted; every member that is set must match. */
        AuditExportFilter: {
            /**
             * @description This act, such as `session.view`.
             * @default null
             */
            act: string | null;
            /**
             * @description Of this actor: an id, or a task's name.
             * @default null
             */
            actor: string | null;
            /**
             * Format: date-time
             * @description At this instant or later.
             * @default null
             */
            from: string | null;
            /**
             * @description On the object with this id.
             * @default null
             */
            object: string | null;
            /**
             * @description On objects of this kind: `session`, `member`, `grant`, …
             * @default null
             */
            object_kind: string | null;
            /**
             * @description `allow`, `deny` or `error`.
             * @default null
             */
            outcome: string | null;
            /**
             * Format: date-time
             * @description Before this instant.
             * @default null
             */
            to: string | null;
        };
        /**
         * @description The form of an export of the audit log.
         * @enum {string}
         */
        AuditExportFormat: "log" | "ocsf" | "csv";
        /** @description One page of exports, newest first. */
        AuditExportList: {
            items: components["schemas"]["AuditExport"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description How the audit log stands. */
        AuditHealth: {
            alarm: components["schemas"]["AuditAlarm"] | null;
            anchored: components["schemas"]["AuditCovered"] | null;
            checkpoint: components["schemas"]["AuditCheckpoint"] | null;
            sinks_failing?: components["schemas"]["SinksFailing"] | null;
            /**
             * Format: int64
             * @description Entries that have a place.
             */
            size: number;
            /**
             * @description `ok`; `late`, when something is not signed for over a minute; `behind`, over five minutes, when exports and destruction at
             *     a person's wish are refused; `stopped`, over a day, when nothing is destroyed; `refused`, when the log does not continue
             *     what was signed of it.
             */
            state: string;
            /**
             * Format: date-time
             * @description When the oldest act happened that no signed checkpoint holds.
             */
            unproved_since: string | null;
            /**
             * Format: int64
             * @description Entries without a place; no more than 10 000 are counted.
             */
            waiting: number;
            witnessed: components["schemas"]["AuditCovered"] | null;
        };
        /** @description A part of the log. */
        BatchRange: {
            /**
             * Format: int64
             * @description Where the batch before ended.
             */
            from: number;
            /**
             * Format: int64
             * @description Behind the last entry that was looked at for it.
             */
            to: number;
        };
        /** @description Glass to be broken. */
        BreakGlassOpen: {
            /**
             * Format: int32
             * @description For how long, from now on.
             * @default 60
             */
            minutes: number;
            purpose: components["schemas"]["GrantPurpose"];
            /** @description Why, in your words. It is reviewed; it is stored sealed. */
            reason: string;
            /** @description Exactly these sessions; none of them restricted. */
            sessions: string[];
            /**
             * @description The ticket it belongs to.
             * @example INC-204
             */
            ticket: string;
        };
        /** @description The review of a broken glass. */
        BreakGlassReview: {
            comment: string | null;
            /** Format: date-time */
            due_at: string;
            outcome: components["schemas"]["ReviewOutcome"] | null;
            /** Format: date-time */
            reviewed_at: string | null;
            reviewed_by: components["schemas"]["GrantPerson"] | null;
        };
        /** @description A review. */
        BreakGlassReviewed: {
            comment?: string | null;
            outcome: components["schemas"]["ReviewOutcome"];
        };
        /** @description What a project's agents are told. */
        CaptureConfigView: {
            /** @description What to capture, and how, in clear. */
            config: unknown;
            /**
             * Format: date-time
             * @description Until when the signed form is good; a newer one is handed out half a day before.
             */
            expires_at: string;
            /** @description The same, signed, as agents get it: a compact JWS. */
            signed: string;
        };
        /** @description Nothing is captured. */
        CaptureStop: {
            /**
             * Format: date-time
             * @description Since when.
             */
            at: string;
            /**
             * Format: uuid
             * @description Who stopped it.
             */
            by: string;
            /** @description Whether every project is stopped. */
            everywhere: boolean;
        };
        /** @description A challenge: to be sent back with the proof that answers it, once, within its time. */
        ChallengeView: {
            /** @description Names the challenge; opaque. */
            challenge: string;
            /**
             * Format: int64
             * @description Seconds until it ends.
             */
            expires_in: number;
            /**
             * @description Members of the answer that will do: `totp`, `webauthn`, `recovery_code`.
             * @example [
             *       "totp",
             *       "webauthn",
             *       "recovery_code"
             *     ]
             */
            methods: string[];
            /**
             * Format: int32
             * @description Answers it takes before it ends; a wrong one is one less.
             */
            tries: number;
            /**
             * @description Options for `navigator.credentials.get` or `create`, in the JSON form of WebAuthn Level 3
             *     (`PublicKeyCredential.parseRequestOptionsFromJSON` and `parseCreationOptionsFromJSON` read `publicKey`).
             */
            webauthn?: Record<string, never> | null;
        };
        /** @description Who the recorded person says to be; at least one identifier. Kept as blind tokens only. */
        Claimed: {
            email?: string | null;
            /** @description The customer's own id of this person. */
            user_id?: string | null;
        };
        /**
         * @description Why a session was closed or sealed again.
         * @enum {string}
         */
        CloseReason: "finished" | "idle" | "length" | "late";
        /** @description That one tree is the beginning of another (RFC 6962 §2.1.2). */
        ConsistencyProof: {
            /** @description The signed note of the later tree's checkpoint. */
            checkpoint: string;
            /**
             * Format: int64
             * @description Number of entries of the earlier tree.
             */
            from: number;
            /** @description The hashes, each in base64; none when there is nothing to prove. */
            hashes: string[];
            /**
             * Format: int64
             * @description Number of entries of the later tree.
             */
            to: number;
        };
        /** @description One batch, or one test. */
        Delivery: {
            /**
             * Format: int32
             * @description How often it was tried since it last began to wait.
             */
            attempts: number;
            batch: components["schemas"]["BatchRange"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When it first arrived.
             */
            delivered_at: string | null;
            /**
             * Format: int64
             * @description Entries in it; fewer than the batch is long when only some acts are sent.
             */
            entries: number;
            /**
             * Format: uuid
             * @description The receiver sees it as `msg_<id>`.
             */
            id: string;
            /** @description `batch` or `test`. */
            kind: string;
            /** @description Why the last try did not do: `address-refused`, `no-connection`, `no-tls`, `timeout`, `no-answer`, `status` or `gone`. */
            last_problem: string | null;
            /**
             * Format: int32
             * @description The status of the last answer.
             */
            last_status: number | null;
            /** Format: date-time */
            next_at: string | null;
            state: components["schemas"]["DeliveryState"];
        };
        /** @description One page of deliveries. */
        DeliveryList: {
            items: components["schemas"]["Delivery"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /**
         * @description Where a delivery stands.
         * @enum {string}
         */
        DeliveryState: "waiting" | "delivered" | "failed";
        /** @description How somebody is told. */
        DeliveryView: {
            inbox: boolean;
            mail: components["schemas"]["MailChoice"];
        };
        /** @description One sample sign-in: random per data folder, good for nothing else. */
        DemoAccount: {
            /** @description The address to sign in with. */
            email: string;
            /** @description The password to sign in with. */
            password: string;
            /** @description What this member may do. */
            role: string;
        };
        /** @description What the login page of a demo shows. */
        DemoSheet: {
            /** @description The sample sign-ins of this data folder. */
            accounts: components["schemas"]["DemoAccount"][];
            /** @description Where the sample shop is. */
            shop_url: string;
        };
        /** @description What the console needs to know to start. */
        DeploymentView: {
            /** @description Whether this is a demo with sample sign-ins. */
            demo: boolean;
            /**
             * @description Where the player is served; never the console's host.
             * @example http://127.0.0.1:8080
             */
            replay_origin: string;
            /** @description Whether there is no tenant yet: the console then shows the set-up page. */
            setup_needed: boolean;
            /** @description The server's version. */
            version: string;
        };
        /** @description One thing that an act changed. */
        DetailChange: {
            /** @description What it is; null when there is none any more. */
            after: string | null;
            /** @description What it was; null when there was none. */
            before: string | null;
            /**
             * @description `role` (a built-in role's name, or the id of one of the tenant's own), `state` (`active` or `disabled`) or `factors`
             *     (how many second factors).
             */
            what: string;
        };
        /** @description What was put on record about one person. */
        DetailPart: {
            /** @description The browser's family. */
            browser: string | null;
            /** @description What the act changed. */
            changes: components["schemas"]["DetailChange"][];
            /** @description The network they acted from: a /24 of version 4 or a /48 of version 6. */
            network: string | null;
            /** @description `actor`: the member who acted. `subject`: the member or the recorded person whom they acted upon. */
            of: string;
            /** @description Why it was done, as it was said. */
            reason: string | null;
            /** @description `open`, or `erased` when the person's key was destroyed: then nobody can read it any more. */
            state: string;
        };
        /** @description Who acted. */
        EventActor: {
            /** @description An id, or a task's name. */
            id: string;
            /** @description `user`, `key`, `agent`, `worker` or `operator`. */
            kind: string;
            /** @description How they came to their rights: `login`, `api-key`, `agent-key`, `session-token` `task` or `command`. */
            via: string;
        };
        /** @description One page of events, newest first. */
        EventList: {
            items: components["schemas"]["AuditEvent"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description What was acted on. */
        EventObject: {
            id: string;
            /** @description `session`, `member`, `grant`, … */
            kind: string;
        };
        /** @description A session that somebody took out. */
        Export: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: int32
             * @description How often it was downloaded.
             */
            downloads: number;
            /**
             * Format: date-time
             * @description It can be downloaded until then: 24 hours.
             */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_download_at: string | null;
            purpose: components["schemas"]["GrantPurpose"];
            /** Format: uuid */
            session_id: string;
            taken_by: components["schemas"]["GrantPerson"];
        };
        /** @description A session to take out. */
        ExportCreate: {
            purpose: components["schemas"]["GrantPurpose"];
        };
        /** @description A session that was just taken out. */
        ExportCreated: components["schemas"]["Export"] & {
            /** @description Opens the file, shown this once: `st_export_…`. */
            key: string;
        };
        /** @description One page of exports, newest first. */
        ExportList: {
            items: components["schemas"]["Export"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description The end of a tab. */
        Finish: {
            /** @description What it could not send. */
            gaps?: components["schemas"]["FinishGap"][];
            /**
             * Format: int32
             * @description How many segments the agent made.
             */
            segments: number;
            /** Format: int32 */
            tab: number;
        };
        /** @description A stretch that the agent could not send. */
        FinishGap: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            from_ms: number;
            /** @description `event-too-large`, `session-limit`, `upload-refused`, `offline-overflow`, `shed` or `paused`; others count as `other`. */
            reason: string;
            /** Format: int64 */
            to_ms: number;
        };
        /** @description Who and what the deployment begins with. */
        FirstRun: {
            owner: components["schemas"]["SetupOwner"];
            privacy_officer: components["schemas"]["SetupOfficer"];
            /**
             * Format: password
             * @description The token that the server printed at its start, or that its secret file holds.
             */
            setup_token: string;
            tenant: components["schemas"]["SetupTenant"];
        };
        /** @description When the caller last proved who they are. */
        FreshnessView: {
            /**
             * Format: date-time
             * @description By anything.
             */
            authenticated_at: string;
            /**
             * Format: date-time
             * @description By a second factor.
             */
            mfa_at: string | null;
        };
        /**
         * @description Why a request or grant is over.
         * @enum {string}
         */
        GrantEnd: "withdrawn" | "not-decided" | "denied" | "not-used" | "time-over" | "revoked" | "given-up" | "approval-void";
        /**
         * @description How a grant came to be.
         * @enum {string}
         */
        GrantKind: "request" | "break-glass";
        /** @description A page of requests or grants. */
        GrantList: {
            items: components["schemas"]["GrantSummary"][];
            /** @description Where the next page starts; null on the last. */
            next_cursor: string | null;
        };
        /** @description So many approvals by people in one of these roles. */
        GrantNeed: {
            /** Format: int32 */
            approvals: number;
            /** @description Anybody who may review when empty. */
            reviewers: string[];
        };
        /** @description A member. */
        GrantPerson: {
            /** Format: uuid */
            id: string;
            /** @description Empty when the name has been erased. */
            name: string;
        };
        /**
         * @description What a grant is for.
         * @enum {string}
         */
        GrantPurpose: "debugging" | "support" | "security-incident" | "data-request" | "legal" | "quality";
        /** @description A session as reviewers see it: nothing that was recorded. */
        GrantSession: {
            browser: string | null;
            /** Format: int64 */
            duration_ms: number;
            has_error: boolean;
            /** Format: uuid */
            id: string;
            os: string | null;
            /** Format: uuid */
            project_id: string;
            project_name: string;
            release: string | null;
            /** Format: date-time */
            started_at: string;
            state: components["schemas"]["SessionState"];
        };
        /**
         * @description Where a request and its grant stand.
         * @enum {string}
         */
        GrantState: "pending" | "approved" | "active" | "expired" | "revoked" | "denied" | "lapsed";
        /** @description A request, and the grant that came of it: one thing with one id. */
        GrantSummary: {
            /**
             * Format: date-time
             * @description When it was first used.
             */
            activated_at: string | null;
            /** Format: date-time */
            approved_at: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description A decision counts until then.
             */
            decide_by: string;
            /** Format: date-time */
            ended_at: string | null;
            ended_by: components["schemas"]["GrantPerson"] | null;
            ended_reason: components["schemas"]["GrantEnd"] | null;
            /**
             * Format: date-time
             * @description It holds until then.
             */
            expires_at: string | null;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["GrantKind"];
            /**
             * Format: int32
             * @description How long it holds once approved.
             */
            minutes: number;
            purpose: components["schemas"]["GrantPurpose"];
            /** @description Why, in the requester's words. */
            reason: string;
            requester: components["schemas"]["GrantPerson"];
            review: components["schemas"]["BreakGlassReview"] | null;
            /** @description How many sessions it names; 0 while its filter is not pinned by a first approval. */
            sessions: number;
            state: components["schemas"]["GrantState"];
            ticket: string;
            verb: components["schemas"]["GrantVerb"];
        };
        /**
         * @description What a grant allows.
         * @enum {string}
         */
        GrantVerb: "view" | "view-unmasked" | "export";
        /** @description A request or grant with all that reviewers see. */
        GrantView: components["schemas"]["GrantSummary"] & {
            filter: components["schemas"]["WantedSessions"] | null;
            /** @description What it opens. While a filter is not pinned: what it would open now. Its requester sees this once it is approved. */
            named: components["schemas"]["GrantSession"][];
            /** @description What has to be met before it may be used, all of it; not told to its requester while a filter is not pinned. */
            needs: components["schemas"]["GrantNeed"][];
            /**
             * @description Names exactly what is shown here; an approval carries it, so that nobody approves something else. For those who see
             *     everybody's requests.
             */
            seen: string | null;
            votes: components["schemas"]["GrantVote"][];
        };
        /** @description What one person said. */
        GrantVote: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["GrantPerson"];
            comment: string | null;
            vote: components["schemas"]["GrantVoteKind"];
        };
        /**
         * @description Yes or no.
         * @enum {string}
         */
        GrantVoteKind: "approve" | "deny";
        /**
         * @description What an identifier is.
         * @enum {string}
         */
        IdentifierName: "email" | "user_id";
        /** @description That an event is in the log (RFC 6962 §2.1.1). */
        InclusionProof: {
            /** @description The signed note of the checkpoint whose root they lead to. */
            checkpoint: string;
            /** @description The entry's bytes, in base64: the leaf hash is SHA-256 of a zero byte and these. */
            entry: string;
            /** @description The hashes from the entry's sibling up, each in base64. */
            hashes: string[];
            /**
             * Format: int64
             * @description The entry's index.
             */
            index: number;
        };
        /** @description Who accepts. */
        InvitationAccept: {
            name: string;
            /**
             * Format: password
             * @description At least 12 characters, and not a well-known one.
             */
            password: string;
            /**
             * Format: password
             * @description What stands behind `#` in the link.
             */
            token: string;
        };
        /** @description Whom to invite. */
        InvitationCreate: {
            /** Format: email */
            email: string;
            /**
             * @description The roles that the member will have.
             * @example [
             *       "engineer"
             *     ]
             */
            roles: string[];
        };
        /** @description An invitation with its link, which is shown this once. */
        InvitationLink: {
            /**
             * Format: date-time
             * @description When it ends; the invitation can be sent again.
             */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /**
             * @description Hand it to the invited person. Whoever holds it can become the member.
             * @example https://sealtape.example.com/invitation#…
             */
            link: string;
        };
        /** @description One page of invitations that wait. */
        InvitationList: {
            items: components["schemas"]["InvitationView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description The token of a link. */
        InvitationLook: {
            /**
             * Format: password
             * @description What stands behind `#` in the link.
             */
            token: string;
        };
        /** @description An invitation that waits to be accepted. */
        InvitationView: {
            /** Format: date-time */
            created_at: string;
            /** @description Null when what seals it was destroyed. */
            email: string | null;
            /**
             * Format: date-time
             * @description When that link ends or ended.
             */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Who invited.
             */
            invited_by: string;
            /** @description The roles that the member will have. */
            roles: string[];
            /**
             * Format: date-time
             * @description When its link was last sent.
             */
            sent_at: string;
        };
        /** @description What a link is for. */
        InvitedView: {
            /** @description The invited address. */
            email: string;
            /** Format: date-time */
            expires_at: string;
            /** @description The roles that the member will have. */
            roles: string[];
            /** @description The tenant's name. */
            tenant: string;
        };
        /** @description One page of the tenant's jobs, newest first. */
        JobList: {
            items: components["schemas"]["JobView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /**
         * @description Where a job stands.
         * @enum {string}
         */
        JobStateName: "waiting" | "running" | "done" | "failed";
        /** @description One piece of background work. */
        JobView: {
            /**
             * Format: int32
             * @description How often it was begun.
             */
            attempt: number;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description Not to be begun before.
             */
            due_at: string;
            /**
             * @description The code of the error behind the reason, when there is one.
             * @example unavailable
             */
            error_code: string | null;
            /**
             * Format: int32
             * @description How often it failed.
             */
            failures: number;
            /**
             * Format: date-time
             * @description When it was done or given up.
             */
            finished_at: string | null;
            /** Format: uuid */
            id: string;
            /**
             * @description What kind of work; a newer server may know more kinds.
             * @example mail-send
             */
            kind: string;
            /**
             * @description Why it was put off or given up: `retry`, `refused`, `exhausted`, `died` or `unreadable`; null when nothing went wrong.
             * @example retry
             */
            reason: string | null;
            /** @description What was done, once it is: numbers and ids, by names that depend on the kind. */
            report: Record<string, never> | null;
            /**
             * Format: date-time
             * @description When it last began.
             */
            started_at: string | null;
            state: components["schemas"]["JobStateName"];
        };
        /** @description The tenant's kill switch. */
        KillSwitch: {
            stopped: components["schemas"]["CaptureStop"] | null;
        };
        /** @description What a kill switch is to be. */
        KillSwitchChange: {
            /** @description On: nothing is captured any more. */
            on: boolean;
            /** @description Why. Whoever switches on says so; it lies beside the entry of the audit log, under the key of who wrote it. */
            reason?: string | null;
        };
        /** @description Which labels a session has, and which it has not. */
        LabelRule: {
            /** @description One of these at least, when there are any. */
            any?: string[] | null;
            /** @description None of these. */
            none?: string[] | null;
        };
        /**
         * @description A language, by its code.
         * @enum {string}
         */
        LanguageName: "en" | "de";
        /** @description Who signs in. */
        Login: {
            /** @description The member's e-mail address. */
            email: string;
            /**
             * Format: password
             * @description The member's password.
             */
            password: string;
            /** @description The tenant's short name; needed only by somebody who is a member of several. */
            tenant?: string | null;
        };
        /** @description How a sign-in goes on. */
        LoginView: components["schemas"]["TokenView"] | components["schemas"]["MfaRequired"];
        /**
         * @description Whether and when a notice is mailed.
         * @enum {string}
         */
        MailChoice: "now" | "digest" | "off";
        /** @description One page of the outbox, newest first. */
        MailList: {
            items: components["schemas"]["MailView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description A letter that an admin hands over. */
        MailView: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /** @description `invitation`, `password-reset`, `notice` or `digest`. */
            kind: string;
            language: components["schemas"]["LanguageName"];
            /** @description The link in it, which may set a password: give it to nobody else. */
            link: string;
            subject: string;
            /** @description The whole text. */
            text: string;
            /** @description The address it is for. */
            to: string;
        };
        /** @description Which manifest covers the session. */
        ManifestRef: {
            hash: string;
            /** Format: int32 */
            rev: number;
        };
        /** @description One segment that the manifest covers. */
        ManifestSegment: {
            /** Format: int64 */
            ciphertext_length: number;
            /** Format: int32 */
            events: number;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            first_ms: number;
            /** Format: int64 */
            last_ms: number;
            /** Format: int32 */
            n: number;
            /** @description SHA-256 of the sealed bytes. */
            sha256: string;
            /** Format: int32 */
            tab: number;
        };
        /** @description One row of the matrix. */
        MatrixAction: {
            about: components["schemas"]["About"];
            /** @example session.view */
            action: string;
        };
        /** @description For which sessions a role is held. */
        MatrixHeld: {
            condition: components["schemas"]["RoleCondition"] | null;
            /**
             * Format: int64
             * @description By how many members.
             */
            members: number;
        };
        /** @description One column of the matrix. */
        MatrixRole: {
            /** @description What it allows. */
            allows: string[];
            /** @description Whether it is one of ours, which nobody changes. */
            built_in: boolean;
            /** @description What it takes away, whatever else its holder holds. */
            denies: string[];
            /** @description For which sessions it is held, and by how many. */
            held: components["schemas"]["MatrixHeld"][];
            /** @description Whether who watches by it sees no text. */
            masked: boolean;
            /** @description What people call it. */
            name: string;
            /**
             * @description A built-in role's name, or the id of one of the tenant's own.
             * @example engineer
             */
            role: string;
            /** @description False when the stored role is not what was written. */
            sound: boolean;
        };
        /** @description The tenant that the sign-in is for. */
        MeTenantView: components["schemas"]["TenantView"] & {
            /**
             * @description Nobody could approve a proposal of yours, so it would wait a day in which every member may stop it. Shown wherever
             *     the tenant's name is.
             */
            solo_mode: boolean;
        };
        /** @description The signed-in member. */
        MeView: {
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * @description What the tenant calls its own roles that one has.
             * @example [
             *       "Payments on call"
             *     ]
             */
            own_roles: string[];
            /**
             * @description Built-in roles in this tenant.
             * @example [
             *       "engineer"
             *     ]
             */
            roles: string[];
            tenant: components["schemas"]["MeTenantView"];
        };
        /** @description One page of members. */
        MemberList: {
            items: components["schemas"]["MemberView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description What a member may do, and why. */
        MemberPermissions: {
            /** @description Whether they may sign in; who may not may do nothing. */
            active: boolean;
            /** Format: uuid */
            member_id: string;
            /** @description Every action that a person can have. What grants open beyond that is in the list of grants. */
            permissions: components["schemas"]["PermissionView"][];
        };
        /** @description A member. */
        MemberView: {
            /** @description Whether they may sign in. */
            active: boolean;
            /** Format: date-time */
            created_at: string;
            /** @description Null when what seals it was destroyed. */
            email: string | null;
            /** Format: uuid */
            id: string;
            /** @description Null when what seals it was destroyed. */
            name: string | null;
            /**
             * @description What the tenant calls its own roles that they have.
             * @example [
             *       "Payments on call"
             *     ]
             */
            own_roles: string[];
            /**
             * @description Built-in roles.
             * @example [
             *       "engineer"
             *     ]
             */
            roles: string[];
        };
        /** @description The answer to a challenge of a sign-in: exactly one of `totp`, `webauthn`, `recovery_code`. */
        Mfa: {
            /** @description The challenge of `POST /v1/auth/login`. */
            challenge: string;
            /** @description A recovery code; case, spaces and hyphens do not matter. */
            recovery_code?: string | null;
            /**
             * @description Six digits of the authenticator app; spaces do not matter.
             * @example 123 456
             */
            totp?: string | null;
            webauthn?: components["schemas"]["AssertionCredential"] | null;
        };
        /** @description My second factors. */
        MfaOverview: {
            /**
             * Format: date-time
             * @description When I last proved who I am in this sign-in, by anything.
             */
            authenticated_at: string;
            /**
             * Format: date-time
             * @description When I last did so by a second factor.
             */
            mfa_at: string | null;
            recovery_codes: components["schemas"]["RecoveryCodesView"] | null;
            /** @description Security keys and passkeys, oldest first; at most ten. */
            security_keys: components["schemas"]["SecurityKeyView"][];
            totp: components["schemas"]["TotpView"] | null;
            /** @description Whether security keys can be registered here. */
            webauthn_available: boolean;
        };
        /** @description The member has a second factor: this is the challenge for it. */
        MfaRequired: components["schemas"]["ChallengeView"] & {
            /** @description Always true. */
            mfa_required: boolean;
        };
        /** @description Other tenants to change over to. */
        MyTenants: {
            items: components["schemas"]["TenantView"][];
            /** @description Always null: there is one page. */
            next_cursor: string | null;
        };
        /** @description What a notice is about. The page behind it shows what its reader may see. */
        NoticeAbout: {
            /** @description Its id. */
            id: string;
            /**
             * @description What sort of thing.
             * @example session
             */
            kind: string;
        };
        /** @description How I want to be told of one kind. */
        NoticeChoice: {
            /** @description Whether the inbox shows it; mandatory kinds cannot be switched off. */
            inbox: boolean;
            /** @example access-requested */
            kind: string;
            /** @description Whether and when it is mailed. */
            mail: components["schemas"]["MailChoice"];
        };
        /** @description One page of the inbox, newest first. */
        NoticeList: {
            items: components["schemas"]["NoticeView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description How many are unread, on all pages.
             */
            unread: number;
        };
        /** @description One kind of notice. */
        NoticePreference: {
            /** @description What holds for my roles while I choose nothing. */
            default: components["schemas"]["DeliveryView"];
            /** @description Whether the inbox shows it. */
            inbox: boolean;
            /** @example access-requested */
            kind: string;
            /** @description Whether and when it is mailed. */
            mail: components["schemas"]["MailChoice"];
            /** @description Whether the inbox shows it whatever I choose, because it warns of somebody else's hand. */
            mandatory: boolean;
        };
        /** @description Which notices were read. */
        NoticeRead: {
            /** @description These, at most 200; ids that are no notices of mine are passed over. */
            ids: string[];
        } | {
            /** @description Everything that is there now. */
            all: components["schemas"]["AllOfThem"];
        };
        /** @description Something happened. */
        NoticeView: {
            about: components["schemas"]["NoticeAbout"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /**
             * @description What happened: a kind as `GET /v1/me/preferences` lists them. A newer server may know more.
             * @example access-requested
             */
            kind: string;
            /**
             * Format: date-time
             * @description Null while unread.
             */
            read_at: string | null;
        };
        /** @description What is left. */
        NoticesLeft: {
            /**
             * Format: int64
             * @description How many are still unread.
             */
            unread: number;
        };
        /** @description The old and the new password. */
        PasswordChange: {
            /**
             * Format: password
             * @description At least 12 characters, and not a well-known one.
             */
            new_password: string;
            /** Format: password */
            old_password: string;
        };
        /** @description Whose password is forgotten. */
        PasswordForgot: {
            /** Format: email */
            email: string;
            /** @description The tenant's short name; needed only by somebody who is a member of several. */
            tenant?: string | null;
        };
        /** @description The link's token and the new password. */
        PasswordReset: {
            /**
             * Format: password
             * @description At least 12 characters, and not a well-known one.
             */
            new_password: string;
            /**
             * Format: password
             * @description What stands behind `#` in the link.
             */
            token: string;
        };
        /** @description What one action comes to for somebody. */
        PermissionView: {
            /** @example session.view */
            action: string;
            /** @description Whether it is allowed, somewhere. */
            allowed: boolean;
            /** @description The roles that allow it. */
            given_by: components["schemas"]["ReasonView"][];
            /** @description The roles that take it away, whatever else allows it. */
            taken_by: components["schemas"]["ReasonView"][];
        };
        /** @description What I may do. */
        PermissionsView: {
            /**
             * @description Names of actions, `resource.verb`.
             * @example [
             *       "session.list",
             *       "session.view"
             *     ]
             */
            actions: string[];
            /** @description Every action that a person can have, with the roles that give it and take it away. */
            why: components["schemas"]["PermissionView"][];
        };
        /** @description What I choose now; what is not named stays as it is. */
        PreferenceChange: {
            language?: components["schemas"]["LanguageName"] | null;
            /** @description Kinds of notices, each at most once. */
            notices?: components["schemas"]["NoticeChoice"][];
        };
        /** @description What I chose, and what holds where I did not. */
        PreferencesView: {
            /** @description The language of letters to me. */
            language: components["schemas"]["LanguageName"];
            /** @description Every kind of notice. */
            notices: components["schemas"]["NoticePreference"][];
        };
        /** @description An error body (RFC 9457), sent as `application/problem+json`. */
        Problem: {
            /**
             * @description The last part of `type`.
             * @example not-found
             */
            code: string;
            /** @description This occurrence, for people. Never quotes content. */
            detail: string;
            /** @description Which members of the input are not acceptable. */
            errors?: components["schemas"]["ProblemField"][];
            /**
             * Format: int32
             * @description For an upload that is not the tab's next (409): the number that is.
             */
            next?: number | null;
            /**
             * Format: uuid
             * @description Find this request in the server's log by it.
             */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status again.
             */
            status: number;
            step_up?: components["schemas"]["StepUpNeeded"] | null;
            /** @description The same for every occurrence of this type. */
            title: string;
            /**
             * @description `/problems/<code>`: stable, documented, what clients switch on.
             * @example /problems/not-found
             */
            type: string;
        };
        /** @description One member of the input that is not acceptable. */
        ProblemField: {
            /** @description What is wrong and what would be right. */
            detail: string;
            /**
             * @description RFC 6901 pointer into the input.
             * @example /name
             */
            pointer: string;
        };
        /** @description A project to be. */
        ProjectCreate: {
            /** @description What people call it; unique in the tenant. */
            name: string;
        };
        /** @description One page of projects. */
        ProjectList: {
            items: components["schemas"]["ProjectView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description What to change; what is absent stays. */
        ProjectUpdate: {
            /**
             * @description Where it runs, for sessions that start from now on; empty when it is not to be told any more.
             * @example production
             */
            environment?: string | null;
            /** @description What people call it; unique in the tenant. */
            name?: string | null;
            sensitivity?: components["schemas"]["Sensitivity"] | null;
        };
        /** @description One application of a tenant. */
        ProjectView: {
            /** Format: date-time */
            created_at: string;
            /** @description Where it runs, in your words, such as `production`; sessions keep the one they started in. */
            environment: string | null;
            /** Format: uuid */
            id: string;
            name: string;
            /** @description How closely sessions that start from now on are kept. */
            sensitivity: components["schemas"]["Sensitivity"];
            /**
             * Format: int64
             * @description Sessions that are being recorded now, of those that you may list.
             */
            sessions_live: number;
            /**
             * Format: int64
             * @description All its sessions that you may list.
             */
            sessions_total: number;
            stopped: components["schemas"]["CaptureStop"] | null;
        };
        /** @description An approval. */
        ProposalApprove: {
            /** @description The `hash` of the proposal as it was shown. */
            hash: string;
        };
        /** @description The exact change. */
        ProposalChange: {
            /** @enum {string} */
            kind: "role-grant";
            /** Format: uuid */
            member: string;
            role: string;
        } | {
            /**
             * Format: int64
             * @description The revision that they replace.
             */
            base: number;
            /** @enum {string} */
            kind: "access-rules";
            rules: components["schemas"]["AccessRulesBody"];
        } | {
            /**
             * Format: int64
             * @description The revision that its proposer saw.
             */
            base: number;
            /** @enum {string} */
            kind: "webhook-delete";
            /** @description What it is called. */
            name: string;
            /** Format: uuid */
            webhook: string;
        } | {
            /**
             * Format: int64
             * @description The revision that its proposer saw.
             */
            base: number;
            /** @enum {string} */
            kind: "webhook-update";
            /** @description What it is called now. */
            name: string;
            then: components["schemas"]["WebhookChange"];
            /** Format: uuid */
            webhook: string;
        };
        /** @description A page of proposals. */
        ProposalPage: {
            items: components["schemas"]["ProposalView"][];
            /** @description Where the next page starts; null on the last. */
            next_cursor: string | null;
        };
        /**
         * @description Where a proposal stands.
         * @enum {string}
         */
        ProposalState: "open" | "executed" | "rejected" | "cancelled" | "expired" | "void";
        /** @description A change that takes two people. */
        ProposalView: {
            addresses: components["schemas"]["AddressChange"] | null;
            change: components["schemas"]["ProposalChange"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            decided_at: string | null;
            decided_by: components["schemas"]["GrantPerson"] | null;
            /**
             * Format: date-time
             * @description In solo mode: when it is carried out.
             */
            execute_after: string | null;
            /**
             * Format: date-time
             * @description It may be decided until then.
             */
            expires_at: string;
            /** @description SHA-256 of the change's canonical JSON, 64 hex digits: what an approval approves. */
            hash: string;
            /** Format: uuid */
            id: string;
            proposer: components["schemas"]["GrantPerson"];
            /** @description Nobody could approve it when it was proposed: it is carried out after a day, unless any member stops it. */
            solo: boolean;
            state: components["schemas"]["ProposalState"];
        };
        /** @description A role as a reason for what somebody may or may not do. */
        ReasonView: {
            /**
             * Format: uuid
             * @description Through which binding it is held.
             */
            binding_id: string;
            condition: components["schemas"]["RoleCondition"] | null;
            /** @description Whether it counts: a role that is held for some sessions gives nothing that is about the whole tenant. */
            counts: boolean;
            /** @description Whether who watches by it sees no text. */
            masked: boolean;
            /** @description What people call it. */
            name: string;
            /**
             * @description A built-in role's name, or the id of one of the tenant's own.
             * @example engineer
             */
            role: string;
        };
        /** @description Ten recovery codes; shown this once. */
        RecoveryCodes: {
            /**
             * @description Each stands in for a second factor once.
             * @example [
             *       "7K2M-9QXV-4DTB-0HZR"
             *     ]
             */
            codes: string[];
        };
        /** @description A set of recovery codes. */
        RecoveryCodesView: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: int32
             * @description Codes that are not used yet, of ten.
             */
            left: number;
        };
        /**
         * @description What a review came to.
         * @enum {string}
         */
        ReviewOutcome: "justified" | "unjustified";
        /** @description A role to give. */
        RoleBindingCreate: {
            condition?: components["schemas"]["RoleCondition"] | null;
            /** Format: uuid */
            member_id: string;
            /**
             * @description A built-in role's name, or the id of one of the tenant's own.
             * @example engineer
             */
            role: string;
        };
        /** @description One page of bindings. */
        RoleBindingList: {
            items: components["schemas"]["RoleBindingView"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description A member in a role. */
        RoleBindingView: {
            condition: components["schemas"]["RoleCondition"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            member_id: string;
            /**
             * @description A built-in role's name, or the id of one of the tenant's own.
             * @example engineer
             */
            role: string;
            /** @description False when the stored binding is not what was written, or cannot be read: then it gives nothing. */
            sound: boolean;
        };
        /** @description For which sessions, and which parts of them, a role is held. All of it must hold; what is absent does not matter. */
        RoleCondition: {
            /** @description Recorded in one of these environments. */
            environments?: string[] | null;
            labels?: components["schemas"]["LabelRule"] | null;
            /** @description Of the member's own visits: the tenant vouched for who was recorded, and it was the member. */
            own?: boolean | null;
            /** @description These parts only. */
            panes?: components["schemas"]["SessionPane"][] | null;
            /** @description Recorded in one of these projects. */
            projects?: string[] | null;
            sensitivity?: components["schemas"]["RuleSensitivity"] | null;
            started?: components["schemas"]["StartedRule"] | null;
        };
        /** @description A role to be. */
        RoleCreate: {
            /**
             * @description Names of the actions that it allows: of those only that its maker may do everywhere.
             * @example [
             *       "session.list",
             *       "session.view"
             *     ]
             */
            actions: string[];
            /** @description Names of the actions that it takes away, whatever else its holder holds. */
            denies?: string[];
            /**
             * @description Lower-case letters, digits and single hyphens; no built-in role's name, and one of its kind in the tenant.
             * @example support-eu
             */
            name: string;
            /** @description Whether who watches by it sees text; otherwise all of it is masked. */
            unmasked?: boolean;
        };
        /** @description The tenant's own roles: all of them, since there are few. */
        RoleList: {
            items: components["schemas"]["RoleView"][];
            /** @description Always null. */
            next_cursor: string | null;
        };
        /** @description Roles × actions. Without `session.view-restricted`, what a role gives about sessions ends at restricted ones. */
        RoleMatrix: {
            actions: components["schemas"]["MatrixAction"][];
            roles: components["schemas"]["MatrixRole"][];
        };
        /** @description What a role is to be. */
        RoleUpdate: {
            actions: string[];
            denies: string[];
            /** @description As at its creation. */
            name: string;
            /**
             * Format: int64
             * @description The revision that this replaces.
             */
            revision: number;
            unmasked: boolean;
        };
        /** @description A role of the tenant's own. */
        RoleView: {
            /**
             * @description Names of the actions that it allows.
             * @example [
             *       "session.list",
             *       "session.view"
             *     ]
             */
            actions: string[];
            /** Format: date-time */
            changed_at: string;
            /** Format: date-time */
            created_at: string;
            /** @description Names of the actions that it takes away, whatever else its holder holds. */
            denies: string[];
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * Format: int64
             * @description Counts changes; a change names the revision that it replaces.
             */
            revision: number;
            /** @description False when the stored role is not what was written: then it gives nothing, and whoever has it may do nothing. */
            sound: boolean;
            /** @description Whether who watches by it sees text; otherwise all of it is masked. */
            unmasked: boolean;
        };
        /**
         * @description How closely a session is kept.
         * @enum {string}
         */
        RuleSensitivity: "normal" | "restricted";
        /** @description A security key to be. */
        SecurityKeyRegister: {
            /** @description The challenge that the key answered. */
            challenge: string;
            /** @description What it answered. */
            credential: components["schemas"]["AttestationCredential"];
            /**
             * @description What to call it.
             * @example Blue key on the key ring
             */
            name: string;
        };
        /** @description Another name. */
        SecurityKeyRename: {
            name: string;
        };
        /** @description A registered security key. */
        SecurityKeyView: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description When it last proved the member.
             */
            last_used_at?: string | null;
            /** @description What the member calls it. */
            name: string;
        };
        /** @description A segment is durable: sealed, written, committed. */
        SegmentAck: {
            /** @description Always true; anything less is an error. */
            durable: boolean;
            /**
             * Format: int32
             * @description The number that the tab's next segment must have.
             */
            next: number;
            /**
             * Format: int32
             * @description The policy version under which the session is recorded.
             */
            policy_version: number;
            /** @description Whether the agent should send a full snapshot next. */
            snapshot: boolean;
        };
        /**
         * Format: binary
         * @description Events as NDJSON or as one JSON array, as the recorder made them.
         */
        SegmentBody: string;
        /** @description The first line of the body. */
        SegmentHead: {
            /** @description SHA-256 of the bytes behind the first line, base64url without padding. */
            digest: string;
            /** @description `gzip`, `zstd` or `identity`. */
            encoding: string;
            /** @description The page is going away: the tab may be over with this segment. */
            final?: boolean;
            /** Format: int32 */
            n: number;
            /** Format: int32 */
            tab: number;
            /** @description The session token. */
            token: string;
        };
        /**
         * @description How closely a recording is kept: a `restricted` one is opened with `session.view-restricted` or a grant only.
         * @enum {string}
         */
        Sensitivity: "normal" | "restricted";
        /** @description A session with its tabs, gaps and pages. */
        SessionDetail: components["schemas"]["SessionSummary"] & {
            agent: components["schemas"]["AgentVersion"];
            close_reason: components["schemas"]["CloseReason"] | null;
            /** Format: date-time */
            closed_at: string | null;
            gap_list: components["schemas"]["SessionGap"][];
            labels: components["schemas"]["SessionLabel"][];
            manifest: components["schemas"]["ManifestRef"] | null;
            pages: components["schemas"]["SessionPage"][];
            /** @description SHA-256 of the policy document in force. */
            policy_hash: string;
            /**
             * Format: uuid
             * @description The session that this one follows, when the agent split a long visit.
             */
            previous_session: string | null;
            /**
             * Format: int64
             * @description Where the timeline starts, in milliseconds since the epoch.
             */
            start_ms: number;
            tab_list: components["schemas"]["SessionTab"][];
        };
        /** @description A stretch without data, and why. */
        SessionGap: {
            detail: string | null;
            /** Format: int64 */
            from_ms: number;
            /** @description `event-too-large`, `session-limit`, `upload-refused`, `offline-overflow`, `shed`, `paused`, … */
            reason: string;
            /** Format: int32 */
            tab: number;
            /** Format: int64 */
            to_ms: number;
        };
        /** @description What a session is marked with. */
        SessionLabel: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: uuid
             * @description Who put it there.
             */
            created_by: string;
            /** Format: uuid */
            id: string;
            /** @example payment */
            label: string;
        };
        /** @description A label to put on. */
        SessionLabelAdd: {
            /**
             * @description 1 to 40 lower-case letters, digits or `-_.:/`, beginning and ending with a letter or digit.
             * @example payment
             */
            label: string;
        };
        /** @description What a session is marked with: all of it, since there are few. */
        SessionLabelList: {
            items: components["schemas"]["SessionLabel"][];
            /** @description Always null. */
            next_cursor: string | null;
        };
        /** @description One page of sessions, newest first. */
        SessionList: {
            items: components["schemas"]["SessionSummary"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description A session's newest manifest. */
        SessionManifest: {
            /** Format: date-time */
            closed_at: string;
            /** @description SHA-256 of the manifest's canonical bytes. */
            hash: string;
            /**
             * Format: int32
             * @description Counts from 1; a later one covers late segments too.
             */
            rev: number;
            segments: components["schemas"]["ManifestSegment"][];
            /** @description Whether the manifest's seal, hash and every segment row agree, checked for this answer. */
            verified: boolean;
        };
        /** @description A page that was visited. */
        SessionPage: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            at_ms: number;
            title: string | null;
            url: string;
        };
        /**
         * @description One part of what a player shows.
         * @enum {string}
         */
        SessionPane: "dom" | "console" | "network" | "state";
        /** @description The project of a session. */
        SessionProject: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description A session to be. */
        SessionStart: {
            agent: components["schemas"]["StartAgent"];
            page: components["schemas"]["StartPage"];
            /**
             * Format: int32
             * @description The policy version that the agent captures under.
             */
            policy_version: number;
            /**
             * Format: uuid
             * @description The session that this one follows, when the agent split a long visit. What is no session of the key's project is
             *     ignored.
             */
            previous_session?: string | null;
            /** @description The application's release. */
            release?: string | null;
            subject?: components["schemas"]["Claimed"] | null;
        };
        /** @description A started session. */
        SessionStarted: {
            /** Format: date-time */
            expires_at: string;
            limits: components["schemas"]["StartLimits"];
            /** @description The right to ask for a new token, until 72 hours after the start. */
            resume: string;
            /** Format: uuid */
            session_id: string;
            /**
             * Format: int32
             * @description The first tab's number.
             */
            tab: number;
            /** @description The right to append to this session. */
            token: string;
        };
        /**
         * @description Where a session stands.
         * @enum {string}
         */
        SessionState: "live" | "closed" | "erased";
        /** @description A session as lists show it. */
        SessionSummary: {
            /** @description The browser's family and major version. */
            browser: string | null;
            /**
             * Format: int64
             * @description Sealed bytes in the blob store.
             */
            bytes_stored: number;
            /**
             * Format: int64
             * @description From the first event to the last.
             */
            duration_ms: number;
            entry_title: string | null;
            /** @description Address of the first page, without query values. */
            entry_url: string | null;
            /** @description Where its project ran when it started. */
            environment: string | null;
            /** Format: int64 */
            errors: number;
            /** Format: int64 */
            events: number;
            /** Format: int64 */
            gaps: number;
            has_error: boolean;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description Null until a segment arrived.
             */
            last_event_at: string | null;
            last_url: string | null;
            os: string | null;
            /** Format: int32 */
            policy_version: number;
            project: components["schemas"]["SessionProject"];
            /** @description The application's release, as its owner names it. */
            release: string | null;
            /** Format: int64 */
            segments: number;
            /** @description How closely it is kept: its project's when it started. */
            sensitivity: components["schemas"]["Sensitivity"];
            /** Format: date-time */
            started_at: string;
            state: components["schemas"]["SessionState"];
            /** Format: int32 */
            tabs: number;
            validation: components["schemas"]["Validation"];
        };
        /** @description One browser tab of a session. */
        SessionTab: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch; null for a tab without segments.
             */
            first_ms: number | null;
            /** Format: int64 */
            last_ms: number | null;
            /** Format: int64 */
            segments: number;
            /** Format: int32 */
            tab: number;
        };
        /** @description Its privacy officer, who is invited. */
        SetupOfficer: {
            /**
             * Format: email
             * @description Another person than the owner.
             */
            email: string;
        };
        /** @description Its owner. */
        SetupOwner: {
            /** Format: email */
            email: string;
            name: string;
            /**
             * Format: password
             * @description At least 12 characters, and not a well-known one.
             */
            password: string;
        };
        /** @description The first tenant. */
        SetupTenant: {
            /**
             * @description Its name.
             * @example Acme GmbH
             */
            name: string;
            /**
             * @description Its short name in addresses: lower-case letters, digits and single hyphens.
             * @example acme
             */
            slug: string;
        };
        /** @description What set-up made. */
        SetupView: {
            /** @description The privacy officer's invitation; its link is shown this once. */
            privacy_officer: components["schemas"]["InvitationLink"];
            slug: string;
            /** Format: uuid */
            tenant_id: string;
        };
        /** @description One sign-in. */
        SignIn: {
            /**
             * @description The browser's family.
             * @example Firefox
             */
            browser: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends at the latest.
             */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_used_at: string;
            /**
             * @description The network it is used from, roughly.
             * @example 203.0.113.0/24
             */
            network: string | null;
            /** @description Whether it is the one that asks. */
            this: boolean;
        };
        /** @description One's own sign-ins. */
        SignInList: {
            items: components["schemas"]["SignIn"][];
            /** @description Always null: there is one page. */
            next_cursor: string | null;
        };
        /** @description Receivers of the audit log that take nothing. */
        SinksFailing: {
            /** Format: int64 */
            count: number;
            /**
             * Format: date-time
             * @description Since when the first of them does; null when there is none.
             */
            since: string | null;
        };
        /** @description What records. */
        StartAgent: {
            name: string;
            version: string;
        };
        /** @description What the session may send. */
        StartLimits: {
            /** @description Bytes of one body when decoded. */
            decoded_bytes: number;
            /** @description Events of one segment. */
            events: number;
            /**
             * Format: int32
             * @description Send at least so often, in milliseconds.
             */
            interval_ms: number;
            /** @description Bytes of one body as sent. */
            segment_bytes: number;
            /**
             * Format: int64
             * @description Longest session, in milliseconds.
             */
            session_ms: number;
        };
        /** @description Where the recording starts. */
        StartPage: {
            title?: string | null;
            /** @description The address; query values and fragment are dropped. */
            url: string;
        };
        /** @description When a session started. */
        StartedRule: {
            /**
             * Format: date-time
             * @description Before then.
             */
            before?: string | null;
            /**
             * Format: date-time
             * @description Then or later.
             */
            from?: string | null;
            /**
             * Format: int32
             * @description Within so many hours before the decision.
             */
            last_hours?: number | null;
        };
        /**
         * @description A fresh proof: exactly one of `password`, `totp`, `recovery_code`, `webauthn`. The password is for a member without a
         *     second factor; `webauthn` comes with its `challenge`.
         */
        StepUp: {
            /** @description The challenge of `POST /v1/auth/step-up/challenge`; needed with `webauthn`. */
            challenge?: string | null;
            /**
             * Format: password
             * @description The password.
             */
            password?: string | null;
            /** @description A recovery code. */
            recovery_code?: string | null;
            /**
             * @description Six digits of the authenticator app.
             * @example 123 456
             */
            totp?: string | null;
            webauthn?: components["schemas"]["AssertionCredential"] | null;
        };
        /** @description A proof of who the caller is that is asked for again. */
        StepUpNeeded: {
            /**
             * @description `password`, `factor` (a second factor), or `enrolment` (a second factor, which must be enrolled first).
             * @example factor
             */
            needs: string;
            /**
             * Format: int64
             * @description How recent the proof must be, in seconds.
             */
            within_seconds: number;
        };
        /** @description Whom to find. */
        SubjectFind: {
            kind: components["schemas"]["IdentifierName"];
            purpose: components["schemas"]["GrantPurpose"];
            /** @description Why, in your words. It is sealed beside the search's event, for the person who is found. */
            reason?: string | null;
            /** @description The whole identifier; nothing is found by a part of one. */
            value: string;
        };
        /** @description Who was found. */
        SubjectFound: {
            /**
             * Format: uuid
             * @description The person's random id; null when nobody is known by the identifier.
             */
            subject: string | null;
        };
        /**
         * @description Where to; and, for a member with a second factor there, the answer to the challenge: exactly one of `totp`, `webauthn`,
         *     `recovery_code`.
         */
        Switch: {
            /** @description The challenge that the first call answered with. */
            challenge?: string | null;
            /** @description A recovery code; case, spaces and hyphens do not matter. */
            recovery_code?: string | null;
            /** @description The other tenant's short name. */
            tenant: string;
            /**
             * @description Six digits of the authenticator app; spaces do not matter.
             * @example 123 456
             */
            totp?: string | null;
            webauthn?: components["schemas"]["AssertionCredential"] | null;
        };
        /** @description A further tab. */
        TabOpened: {
            /**
             * Format: int32
             * @description Its number; segments of this tab count from 0 again.
             */
            tab: number;
        };
        /** @description A tenant that one is a member of. */
        TenantView: {
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
        };
        /** @description The right to a new token. */
        TokenRenew: {
            /** @description As given when the session was started. */
            resume: string;
        };
        /** @description A new session token. */
        TokenRenewed: {
            /** Format: date-time */
            expires_at: string;
            token: string;
        };
        /** @description A fresh access token. */
        TokenView: {
            /** @description Send it as `Authorization: Bearer …`. */
            access_token: string;
            /**
             * Format: int32
             * @description Seconds until it ends; refresh before.
             */
            expires_in: number;
        };
        /** @description The first code of an authenticator app. */
        TotpConfirm: {
            /**
             * @description Six digits; spaces do not matter.
             * @example 123 456
             */
            code: string;
        };
        /** @description What an authenticator app must be told; shown this once. */
        TotpEnrolment: {
            /** @description The same secret for typing, base32. */
            secret: string;
            /**
             * @description For the QR code.
             * @example otpauth://totp/Sealtape:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Sealtape
             */
            uri: string;
        };
        /** @description An authenticator app. */
        TotpView: {
            /** Format: date-time */
            confirmed_at: string;
            /**
             * Format: date-time
             * @description When its last code was given.
             */
            last_used_at: string | null;
        };
        /**
         * @description What the structure check found, worst first wins.
         * @enum {string}
         */
        Validation: "valid" | "repaired" | "gaps" | "corrupt";
        /** @description Who watched. */
        Viewer: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description One page of viewings, newest first. */
        ViewerList: {
            items: components["schemas"]["Viewing"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description Somebody watched. */
        Viewing: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description From this time of the session, in milliseconds since the epoch; null for its start.
             */
            from_ms: number | null;
            /** @description The streams that were read. */
            panes: string[];
            /**
             * Format: int64
             * @description Until this time; null for its end.
             */
            to_ms: number | null;
            viewer: components["schemas"]["Viewer"];
        };
        /** @description What sessions are chosen by until the first approval pins them. */
        WantedSessions: {
            /** @description In this browser family. */
            browser?: string | null;
            /**
             * Format: date-time
             * @description Started at or after.
             */
            from?: string | null;
            /** @description With or without errors. */
            has_error?: boolean | null;
            /** @description On this system family. */
            os?: string | null;
            /**
             * Format: uuid
             * @description Of this project.
             */
            project?: string | null;
            /** @description Of this release; a trailing `*` means "starts with". */
            release?: string | null;
            /**
             * Format: date-time
             * @description Started before.
             */
            to?: string | null;
        };
        /** @description A receiver of the audit log, without its secret. */
        Webhook: {
            /**
             * @description Acts whose entries it gets; null when it gets all.
             * @example [
             *       "session.view"
             *     ]
             */
            acts: string[] | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: uuid
             * @description The member who made it.
             */
            created_by: string;
            /**
             * Format: int64
             * @description Entries before this index were handed on, or are none that it gets.
             */
            delivered_size: number;
            /** @description Whether it also gets what lies beside entries: what is told of persons. */
            detail: boolean;
            /**
             * Format: date-time
             * @description Since when nothing arrives.
             */
            failing_since: string | null;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["WebhookKind"];
            /**
             * Format: date-time
             * @description When something last arrived.
             */
            last_delivery_at: string | null;
            name: string;
            state: components["schemas"]["WebhookState"];
            /**
             * @description Where entries are sent.
             * @example https://siem.example.com/sealtape
             */
            url: string;
            /**
             * Format: int64
             * @description Signed entries that wait behind it.
             */
            waiting: number;
        };
        /** @description Acts whose entries a receiver gets; null for all. */
        WebhookActsChange: {
            now: string[] | null;
            then: string[] | null;
        };
        /** @description What is to be otherwise about a receiver; what is absent stays. */
        WebhookChange: {
            acts?: components["schemas"]["WebhookActsChange"] | null;
            /** @description Its address now and then, sealed; `addresses` of the proposal says them to those who may see receivers. */
            address?: string | null;
            /** @description Whether it also gets what lies beside entries. */
            detail?: boolean | null;
            name?: string | null;
            /** @description Whether nothing is sent. */
            paused?: boolean | null;
        };
        /** @description A receiver to be. */
        WebhookCreate: {
            /**
             * @description Acts whose entries it gets; all when absent or null.
             * @example [
             *       "session.view",
             *       "session.export"
             *     ]
             */
            acts?: string[] | null;
            kind: components["schemas"]["WebhookKind"];
            /** @example SIEM */
            name: string;
            /**
             * @description `https://…` for a webhook, `syslog+tls://host:6514` for syslog; public, unless the operator allows it.
             * @example https://siem.example.com/sealtape
             */
            url: string;
        };
        /** @description A receiver that was just made. */
        WebhookCreated: components["schemas"]["Webhook"] & {
            /**
             * @description What its messages are signed with (Standard Webhooks), shown this once; null for syslog.
             * @example whsec_…
             */
            secret: string | null;
        };
        /**
         * @description What is at the other end: an HTTPS endpoint (Standard Webhooks), or a syslog server (RFC 5424 over TLS).
         * @enum {string}
         */
        WebhookKind: "webhook" | "syslog";
        /** @description One page of receivers. */
        WebhookList: {
            items: components["schemas"]["Webhook"][];
            /** @description Ask for the next page with it; null on the last. */
            next_cursor: string | null;
        };
        /** @description A webhook's new secret. */
        WebhookSecret: {
            /**
             * Format: date-time
             * @description Until then messages are signed with the secret before as well.
             */
            previous_until: string;
            /**
             * @description Shown this once.
             * @example whsec_…
             */
            secret: string;
        };
        /**
         * @description How it does: `failing` when the last try did not arrive, `paused` when nothing is sent.
         * @enum {string}
         */
        WebhookState: "active" | "failing" | "paused";
        /**
         * @description Whether anything is sent.
         * @enum {string}
         */
        WebhookSwitch: "active" | "paused";
        /** @description What to change; what is absent stays. */
        WebhookUpdate: {
            /** @description Acts whose entries it gets from now on; null for all. A batch that is under way stays as it is. */
            acts?: string[] | null;
            /** @description Whether it gets, from the next batch on, also what lies beside entries; webhooks only. */
            detail?: boolean | null;
            name?: string | null;
            state?: components["schemas"]["WebhookSwitch"] | null;
            url?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    key_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK Set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ledger_checkpoint_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed note. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ledger_key_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ledger_tile_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Level and number, slashes as they are. */
                tile: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The hashes, one after the other. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_request_list: {
        parameters: {
            query?: {
                /** @description In this state. */
                state?: components["schemas"]["GrantState"];
                /** @description Of this member. */
                member?: string;
                /** @description Most items; 1 to 200, usually 50. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_request_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessRequestCreate"];
            };
        };
        responses: {
            /** @description It waits for approvals. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_request_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_request_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessRequestApprove"];
            };
        };
        responses: {
            /** @description The request with this approval. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_request_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_request_deny: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessRequestDeny"];
            };
        };
        responses: {
            /** @description The denied request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_rules_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessRulesView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_rules_update: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessRulesUpdate"];
            };
        };
        responses: {
            /** @description The rules in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessRulesView"];
                };
            };
            /** @description They wait for a second person. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_config_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed config. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jose": string;
                };
            };
            /** @description It is the one that you have. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_session_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionStart"];
            };
        };
        responses: {
            /** @description Started. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionStarted"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_session_finish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token's session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Finish"];
            };
        };
        responses: {
            /** @description Noted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_session_identify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token's session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claimed"];
            };
        };
        responses: {
            /** @description Noted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_segment_put: {
        parameters: {
            query?: never;
            header: {
                /** @description gzip, zstd or identity. */
                "Content-Encoding"?: string | null;
                /** @description RFC 9530: sha-256=:…: of the body as sent. */
                "Content-Digest": string;
            };
            path: {
                /** @description The token's session. */
                id: string;
                /** @description The tab, as the server numbered it. */
                tab: number;
                /** @description The segment's number in its tab, from 0. */
                n: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["SegmentBody"];
            };
        };
        responses: {
            /** @description Durable. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentAck"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_tab_open: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token's session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Opened. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TabOpened"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_token_renew: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRenew"];
            };
        };
        responses: {
            /** @description Renewed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenRenewed"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_segment_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The head line; the segment's bytes follow it. */
        requestBody: {
            content: {
                "text/plain": components["schemas"]["SegmentHead"];
            };
        };
        responses: {
            /** @description Durable. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentAck"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    api_key_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    api_key_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    api_key_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_checkpoint_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed note. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_checkpoint_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCheckpointList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_event_list: {
        parameters: {
            query?: {
                /** @description Of this actor: an id, or a task's name. */
                actor?: string;
                /** @description On objects of this kind: `session`, `member`, `grant`, … */
                object_kind?: string;
                /** @description On the object with this id. */
                object?: string;
                /** @description This act, such as `session.view`. */
                act?: string;
                /** @description Ended like this: `allow`, `deny` or `error`. */
                outcome?: string;
                /** @description At this instant or later. */
                from?: string;
                /** @description Before this instant. */
                to?: string;
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_event_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The event. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEvent"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_detail_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The event. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was put on record. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditDetail"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_export_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditExportList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_export_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditExportCreate"];
            };
        };
        responses: {
            /** @description It is being looked through. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditExport"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_export_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export. */
                audit_export: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditExport"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_export_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export. */
                audit_export: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is cancelled or gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_export_download: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export. */
                audit_export: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file: NDJSON or CSV. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": number[];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_health_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHealth"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_key_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The verifier key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_anchor_prove: {
        parameters: {
            query?: {
                /**
                 * @description Number of entries of a checkpoint of the deployment's log, as one has it from somewhere else; when absent, the newest one
                 *     that witnesses saw.
                 */
                size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditAnchor"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_consistency_prove: {
        parameters: {
            query: {
                /** @description Number of entries of the earlier tree. */
                from: number;
                /** @description Number of entries of the later tree, of which there is a checkpoint; the newest one's when absent. */
                to?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsistencyProof"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_inclusion_prove: {
        parameters: {
            query: {
                /** @description The event's id. */
                event: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InclusionProof"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_subject_find: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectFind"];
            };
        };
        responses: {
            /** @description Who was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectFound"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_subject_view: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The person. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_entries_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tile's number, and `.p/<width>` when it is not full. */
                tile: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_tile_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Level and number, slashes as they are. */
                tile: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The hashes, one after the other. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Signed in, or asked for a second factor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_mfa: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Mfa"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    password_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Changed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    password_forgot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordForgot"];
            };
        };
        responses: {
            /** @description A link is mailed, if the address is a member's. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Set. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rotated. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sign-ins that have not ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUp"];
            };
        };
        responses: {
            /** @description Proved, just now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreshnessView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_step_up_challenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What will do, and the question for a security key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChallengeView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_switch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Switch"];
            };
        };
        responses: {
            /** @description Signed in there, or asked for a second factor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    break_glass_list: {
        parameters: {
            query?: {
                /** @description Only those that wait for their review. */
                unreviewed?: boolean;
                /** @description Most items; 1 to 200, usually 50. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    break_glass_open: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request opens nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BreakGlassOpen"];
            };
        };
        responses: {
            /** @description The sessions are open. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    break_glass_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The use. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BreakGlassReviewed"];
            };
        };
        responses: {
            /** @description The reviewed use. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demo_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sample sign-ins. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoSheet"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deployment_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This deployment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_download: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sealed file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grant_list: {
        parameters: {
            query?: {
                /** @description In this state. */
                state?: components["schemas"]["GrantState"];
                /** @description Of this member. */
                member?: string;
                /** @description Most items; 1 to 200, usually 50. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grant_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The grant. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ended grant. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitation_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitation_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationCreate"];
            };
        };
        responses: {
            /** @description Invited. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationLink"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitation_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationAccept"];
            };
        };
        responses: {
            /** @description A member now. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitation_look: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationLook"];
            };
        };
        responses: {
            /** @description What it is for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitedView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitation_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The invitation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Withdrawn. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitation_resend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The invitation. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new link. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationLink"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    kill_switch_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant's kill switch. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitch"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    kill_switch_set: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KillSwitchChange"];
            };
        };
        responses: {
            /** @description It is as wanted, also when it was before. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed-in member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mfa_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is enrolled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MfaOverview"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recovery_code_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The codes, this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    totp_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpConfirm"];
            };
        };
        responses: {
            /** @description In force. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    totp_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A secret to confirm. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpEnrolment"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    totp_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    security_key_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecurityKeyRegister"];
            };
        };
        responses: {
            /** @description Registered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecurityKeyView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    security_key_challenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What to ask the key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChallengeView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    security_key_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    security_key_rename: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecurityKeyRename"];
            };
        };
        responses: {
            /** @description Renamed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecurityKeyView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notice_list: {
        parameters: {
            query?: {
                /** @description Unread ones only. */
                unread?: boolean;
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before, with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notice_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoticeRead"];
            };
        };
        responses: {
            /** @description Marked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticesLeft"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_permissions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The allowed actions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermissionsView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preference_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preference_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreferenceChange"];
            };
        };
        responses: {
            /** @description Changed; all of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreferencesView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_tenants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenants. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyTenants"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    member_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    member_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    member_disable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Disabled. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    member_enable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Enabled. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    member_permissions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every action with its reasons. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberPermissions"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    member_factors_reset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken away. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    job_list: {
        parameters: {
            query?: {
                /** @description In this state. */
                state?: components["schemas"]["JobStateName"];
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before, with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mail_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    project_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    project_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    project_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The project. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    project_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The project. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectUpdate"];
            };
        };
        responses: {
            /** @description The project as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_key_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The project. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All keys. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentKeyList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_key_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The project. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentKeyCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentKeyView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agent_key_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The project. */
                id: string;
                /** @description The key's id. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    capture_config_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The project. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The config. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaptureConfigView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    project_kill_switch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The project. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KillSwitchChange"];
            };
        };
        responses: {
            /** @description It is as wanted, also when it was before. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposal_list: {
        parameters: {
            query?: {
                /** @description In this state. */
                state?: components["schemas"]["ProposalState"];
                /** @description Most items; 1 to 200, usually 50. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalPage"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposal_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The proposal. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposal_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The proposal. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalApprove"];
            };
        };
        responses: {
            /** @description The decided proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposal_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The proposal. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cancelled proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposal_reject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The proposal. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rejected proposal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_binding_list: {
        parameters: {
            query?: {
                /** @description Of this member only. */
                member?: string;
                /** @description Most items of the answer. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleBindingList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_binding_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleBindingCreate"];
            };
        };
        responses: {
            /** @description Given. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleBindingView"];
                };
            };
            /** @description It waits for a second person. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_binding_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The binding. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The roles, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleCreate"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_matrix: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Built-in roles first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleMatrix"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The role. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The role. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The role. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleUpdate"];
            };
        };
        responses: {
            /** @description The role as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    role_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The role. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_list: {
        parameters: {
            query?: {
                /** @description Of this project. */
                project?: string;
                /** @description Started at this time or later. */
                from?: string;
                /** @description Started before this time. */
                to?: string;
                /** @description In this state. */
                state?: components["schemas"]["SessionState"];
                /** @description With or without an error. */
                has_error?: boolean;
                /** @description Of this release. */
                release?: string;
                /** @description In this browser, by family. */
                browser?: string;
                /** @description On this operating system, by family. */
                os?: string;
                /** @description That visited a page of exactly this origin. */
                origin?: string;
                /** @description That visited a page below this address: origin and path, whole path segments. */
                url?: string;
                /** @description With an error of this fingerprint. */
                error?: string;
                /** @description At least so long. */
                min_duration_ms?: number;
                /** @description Marked with this label. */
                label?: string;
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before, with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream without end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["SessionSummary"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDetail"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_events: {
        parameters: {
            query?: {
                /** @description Of this tab only. */
                tab?: number;
                /** @description From the newest full snapshot at or before this time, in milliseconds since the epoch. */
                from_ms?: number;
                /** @description Until this time, in milliseconds since the epoch. */
                to_ms?: number;
                /**
                 * @description Of these streams only: `dom`, `console`, `network`, `actions`, `state`, joined by commas; all when absent. Those that
                 *     your roles do not open are left out.
                 * @example dom,actions
                 */
                panes?: string;
                /**
                 * @description Behind these segments: the `cursor` of an earlier answer's last line, `tab:segment` joined by commas.
                 * @example 0:12,1:3
                 */
                after?: string;
            };
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportCreate"];
            };
        };
        responses: {
            /** @description It can be downloaded. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportCreated"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_label_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its labels. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionLabelList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_label_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionLabelAdd"];
            };
        };
        responses: {
            /** @description The session has it. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionLabel"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_label_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                id: string;
                /** @description The label's id. */
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has it no more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_manifest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest manifest. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionManifest"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_viewers: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewerList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FirstRun"];
            };
        };
        responses: {
            /** @description Set up. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_list: {
        parameters: {
            query?: {
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sent again within 24 hours, the same request creates nothing again. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookCreate"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookCreated"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It waits for a second person. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookUpdate"];
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description It waits for a second person. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalView"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_delivery_list: {
        parameters: {
            query?: {
                /** @description Those that stand so. */
                state?: components["schemas"]["DeliveryState"];
                /** @description Most items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook: string;
                /** @description The delivery. */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description A problem; `code` says which. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
