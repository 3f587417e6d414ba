"""A certificate for this machine, and a relay that speaks TLS before a server that does not."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = ipaddress.ip_address("127.0.0.1")
CHUNK = 1 << 16


@dataclass(frozen=True)
class Certificate:
    """Files in PEM; it is signed by itself."""

    public: Path
    private: Path


def certificate(folder: Path) -> Certificate:
    """Make one that is good for a day."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "palimpsest's tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(HERE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = Certificate(folder / "public.pem", folder / "private.pem")
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files.public.write_bytes(made.public_bytes(pem))
    files.private.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return files


@asynccontextmanager
async def in_front_of(port: int, shown: Certificate) -> AsyncIterator[int]:
    """Give the port of the relay."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(shown.public, shown.private)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server = await asyncio.open_connection(str(HERE), port)
        await asyncio.gather(_carry(reader, to_server[1]), _carry(to_server[0], writer))

    server = await asyncio.start_server(relay, str(HERE), 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
