"""Whom we believe: the system's authorities, wherever they are, and what there is without any."""

import ssl
from pathlib import Path

import pytest

from checker.conversation.trust import Trust, system_places
from checker.tls_version import TlsVersion
from tests.checker.certificates import certificate, der_of, name, pem_of

ROOT = der_of(certificate(subject=name("Example Root", "Example Organization")))
PEM = pem_of(ROOT)
VERSIONS = (TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)


def store(folder: Path, kind: str) -> Path:
    """A place of a system's authorities that is good for nothing."""
    place = folder / "place"
    match kind:
        case "empty":
            place.touch()
        case "garbage":
            place.write_bytes(b"\xff\x00" * 100_000)
        case "no certificate":
            place.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        case "an empty folder":
            place.mkdir()
        case "a folder of other files":
            place.mkdir()
            (place / "README").write_text(PEM)
            (place / "0123abcd.0").touch()
        case "a link to itself":
            place.symlink_to(place)
    return place


BAD = [
    *("missing", "empty", "garbage", "no certificate", "an empty folder"),
    *("a folder of other files", "a link to itself"),
]


@pytest.mark.parametrize("kind", BAD)
def test_a_place_without_authorities_is_as_good_as_none(tmp_path: Path, kind: str) -> None:
    place = store(tmp_path, kind)
    trust = Trust(places=[place])
    assert trust.is_empty()
    assert trust.places == (place,)
    assert trust.organizations() == frozenset()
    assert trust.fingerprint()
    assert trust.context(None, *VERSIONS)


@pytest.mark.parametrize("kind", BAD)
def test_the_next_place_counts_then(tmp_path: Path, kind: str) -> None:
    good = tmp_path / "good.pem"
    good.write_text(f"# größte\n{PEM}")
    trust = Trust(places=[store(tmp_path, kind), good])
    assert not trust.is_empty()
    assert trust.organizations() == {"Example Organization"}
    assert trust.context(None, *VERSIONS)


def test_a_folder_alone_is_enough(tmp_path: Path) -> None:
    (tmp_path / "0123abcd.0").write_text(PEM)
    trust = Trust(places=[tmp_path])
    assert not trust.is_empty()
    assert trust.organizations() == {"Example Organization"}


def test_an_authority_is_found_by_its_name_to_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    other = pem_of(der_of(certificate(subject=name("Another Root"))))
    file.write_text(f"{PEM}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{other}")
    trust = Trust(places=[file])
    own = name("Example Root", "Example Organization")
    assert trust.anchors([own, name("Nobody"), own]) == (ROOT,)
    assert trust.anchors([name("example root", "Example Organization")]) == ()


def test_a_file_of_ones_own_is_enough(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text(PEM)
    trust = Trust([own], places=[tmp_path / "missing"])
    assert not trust.is_empty()
    assert trust.places == (own, tmp_path / "missing")


def test_a_fault_in_the_middle_of_the_systems_file_hides_none_before_it(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(f"{PEM}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    trust = Trust(places=[file])
    assert trust.organizations() == {"Example Organization"}
    assert trust.context(None, *VERSIONS)


def test_the_environment_names_the_places_as_it_does_to_openssl() -> None:
    named = {"SSL_CERT_FILE": "/a.pem", "SSL_CERT_DIR": "/b:/c"}
    assert [*system_places(named)] == [Path("/a.pem"), Path("/b"), Path("/c")]
    usual = [*system_places({})]
    assert Path(ssl.get_default_verify_paths().openssl_cafile) == usual[0]
    assert Path("/etc/ssl/certs/ca-certificates.crt") in usual
