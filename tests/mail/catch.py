#!/usr/bin/env python3
"""A real mail server (aiosmtpd) that a Rust test starts: it takes letters, or refuses them as told, and prints what it
took as one JSON object a line. The first line has its port and, with TLS, its certificate authority.

  catch.py [--refuse CODE [--sender] [--times N]] [--tls | --starttls] [--account NAME:PASSWORD]

With --sender it is the sender that it refuses, else the recipient.

It ends with its standard input, that is, with the test.
"""

import argparse
import datetime
import email
import email.policy
import ipaddress
import json
import ssl
import sys
import tempfile
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


def say(**line):
    print(json.dumps(line), flush=True)


class Handler:
    def __init__(self, refuse, sender, times):
        self.refuse, self.sender, self.left = refuse, sender, times

    def refuses(self, sender, address):
        if not self.refuse or self.left == 0 or self.sender != sender:
            return False
        self.left -= 1
        say(refused=address)
        return True

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.refuses(True, address):
            return f"{self.refuse} told to refuse"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuses(False, address):
            return f"{self.refuse} told to refuse"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            headers={name.lower(): str(value) for name, value in message.items()},
            text=message.get_content().replace("\r\n", "\n"),
            # aiosmtpd notes STARTTLS only; a connection that began with TLS says so itself.
            tls=session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            account=(session.auth_data or b"").decode() if session.authenticated else None,
        )
        return "250 taken"


def certificates():
    """A certificate authority and a certificate of this machine under it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)

    def make(name, issuer, key, signer, extension, critical):
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - day)
        builder = builder.not_valid_after(now + day).add_extension(extension, critical)
        return builder.sign(signer, hashes.SHA256())

    named = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = named("test authority")
    ca = make(ca_name, ca_name, ca_key, ca_key, x509.BasicConstraints(ca=True, path_length=0), True)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    own = make(named("mail"), ca_name, key, ca_key, here, False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return ca.public_bytes(pem), own.public_bytes(pem) + private


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--refuse")
    parser.add_argument("--sender", action="store_true")
    parser.add_argument("--times", type=int, default=-1)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--starttls", action="store_true")
    parser.add_argument("--account")
    told = parser.parse_args()

    context, authority = None, None
    if told.tls or told.starttls:
        authority, own = certificates()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(own)
            file.flush()
            context.load_cert_chain(file.name)

    def authenticate(server, session, envelope, mechanism, data):
        good = f"{data.login.decode()}:{data.password.decode()}" == told.account
        # Not handled: else the server takes it that a refusal was said already, and says none.
        return AuthResult(success=good, handled=False, auth_data=data.login)

    class Catch(Controller):
        # The controller's own check connects to the port it was told, which is 0: any free one.
        def _trigger_server(self):
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

        def factory(self):
            kwargs = {"hostname": "catch.test"}
            if told.starttls:
                kwargs.update(tls_context=context, require_starttls=True)
            if told.account:
                kwargs.update(authenticator=authenticate, auth_required=True, auth_require_tls=told.starttls)
            return SMTP(self.handler, **kwargs)

    handler = Handler(told.refuse, told.sender, told.times)
    catch = Catch(handler, hostname="127.0.0.1", port=0, ssl_context=context if told.tls else None)
    catch.start()
    say(port=catch.port, authority=authority.decode() if authority else None)
    sys.stdin.read()
    threading.Timer(5, lambda: sys.exit(0)).start()
    catch.stop()


if __name__ == "__main__":
    main()
