"""Archives: members come out whole, and whatever unpacks to too much or elsewhere is refused."""

import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from planboard.errors import UnknownNameError, UnreadableFileError
from planboard.publishers.archive import (
    PUBLISHER,
    WORKBOOK,
    Limits,
    existing_file,
    open_archive,
    unpacked,
)

SMALL = Limits(total=10_000, ratio=100, ratio_from=1_000, members=5)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are compared word for word: they name files relative to this folder."""
    monkeypatch.chdir(tmp_path)


def noise(size: int) -> bytes:
    """Bytes that cannot be packed."""
    return random.Random(size).randbytes(size)


def archive(name: str = "a.zip", **members: bytes) -> Path:
    """A zip archive; in the names of members _ stands for a point."""
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as file:
        for member, data in members.items():
            file.writestr(member.replace("_", "."), data)
    return Path(name)


def refused(path: str | Path, limits: Limits = PUBLISHER, *, reads: bool = False) -> str:
    """What is said of an archive, opened or read to the end."""
    with pytest.raises(UnreadableFileError) as error:
        opened_whole(path, limits) if reads else opened_only(path, limits)
    return str(error.value)


def opened_only(path: str | Path, limits: Limits) -> None:
    with open_archive(path, limits):
        pass


def opened_whole(path: str | Path, limits: Limits) -> None:
    with open_archive(path, limits) as opened:
        opened.measure()


def patched(path: Path, changes: dict[int, bytes], signature: bytes = b"PK\x01\x02") -> Path:
    """An archive with bytes of its first header in the table of contents changed."""
    data = bytearray(path.read_bytes())
    start = data.index(signature)
    for offset, value in changes.items():
        data[start + offset : start + offset + len(value)] = value
    path.write_bytes(data)
    return path


# What is read -------------------------------------------------------------------------------------


def test_members_are_read_whole_and_in_order() -> None:
    long = noise(3_000_000)
    with open_archive(archive(b_txt=b"second", a_txt=long)) as opened:
        assert opened.names == ("b.txt", "a.txt")
        with opened.open("a.txt") as stream:
            assert stream.read(7) == long[:7]
            assert stream.read() == long[7:]
        opened.measure()


def test_folders_are_no_members() -> None:
    with zipfile.ZipFile("a.zip", "w") as file:
        file.mkdir("in")
        file.writestr("in/x.csv", "1")
    with open_archive("a.zip") as opened:
        assert opened.names == ("in/x.csv",)


def test_unpacking_leaves_nothing_behind() -> None:
    path = archive(a_txt=b"one", b_txt=b"two")
    with unpacked(path, ["b.txt"]) as folder:
        assert [file.name for file in folder.iterdir()] == ["b.txt"]
        assert (folder / "b.txt").read_bytes() == b"two"
    assert not folder.exists()


def test_unpacking_makes_the_folders_of_members() -> None:
    with zipfile.ZipFile("a.zip", "w") as file:
        file.writestr("one/two/x.csv", "1")
    with unpacked("a.zip") as folder:
        assert (folder / "one" / "two" / "x.csv").read_text() == "1"


def test_an_unknown_member_gets_the_nearest_name() -> None:
    with (
        open_archive(archive(table_csv=b"1")) as opened,
        pytest.raises(UnknownNameError) as error,
    ):
        opened.open("tables.csv")
    assert str(error.value) == (
        "There is no member 'tables.csv' (a.zip).\n\n"
        "Closest names: 'table.csv' (1 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


# What is no archive -------------------------------------------------------------------------------


def test_no_file() -> None:
    assert refused("none.zip") == (
        "There is no file none.zip.\n\nCheck its name, and the folder that you are in."
    )


def test_a_folder() -> None:
    Path("in").mkdir()
    assert refused("in") == (
        "in is a folder, not a file.\n\n    it is empty\n\nName one file in it."
    )
    Path("in/b.zip").touch()
    Path("in/a.zip").touch()
    assert refused("in") == (
        "in is a folder, not a file.\n\n    found in it: a.zip, b.zip\n\nName one file in it."
    )


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"", "it is empty"),
        (b"7z\xbc\xaf\x27\x1cxx", "it is a 7z archive"),
        (b"Rar!\x1a", "it is a rar archive"),
        (b"\x1f\x8b\x08", "it is a gzip file"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "it is a pointer of Git LFS: the file itself was never downloaded",
        ),
        (b"\n<!DOCTYPE html>", "it is a web page, perhaps the one that announces the download"),
        (b"year,code\n", "it begins with 'year,code\\n'"),
    ],
)
def test_other_files(start: bytes, told: str) -> None:
    Path("a.zip").write_bytes(start)
    assert refused("a.zip") == (
        f"a.zip is not a zip archive.\n\n    {told}\n\n"
        "Take the file from the publisher again, whole."
    )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_cut_off(share: float) -> None:
    data = archive(a_txt=noise(1000)).read_bytes()
    Path("a.zip").write_bytes(data[: int(share * len(data))])
    assert refused("a.zip") == (
        "a.zip is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_damaged_member_is_named() -> None:
    path = archive(a_txt=b"x" * 100)
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)
    text = refused(path, reads=True)
    assert text.startswith("a.zip is damaged.\n\n    member 'a.txt': ")
    assert text.endswith("\n\nTake the file from the publisher again, whole.")


# What goes too far --------------------------------------------------------------------------------


def test_the_limits_are_those_that_the_documentation_names() -> None:
    assert (PUBLISHER.total, WORKBOOK.total) == (40 * 10**9, 2 * 10**9)
    assert (PUBLISHER.ratio, PUBLISHER.ratio_from) == (1000, 10_000_000)


def test_too_large_in_all() -> None:
    path = archive(a_txt=noise(6_000), b_txt=noise(6_000))
    assert refused(path, SMALL) == (
        "a.zip would unpack to more than any published table.\n\n"
        "    unpacks to 12.0 kB, at most 10.0 kB are read\n\n"
        "If you trust it, unpack it yourself and name what was in it."
    )


def test_packed_too_densely() -> None:
    path = archive(a_txt=bytes(9_000))
    packed = zipfile.ZipFile(path).infolist()[0].compress_size
    assert refused(path, SMALL) == (
        "a.zip would unpack to more than any published table.\n\n"
        f"    member 'a.txt' unpacks from {packed} bytes to 9.0 kB, "
        "at most 100 times as much is read\n\n"
        "If you trust it, unpack it yourself and name what was in it."
    )


def test_a_small_member_may_be_packed_densely() -> None:
    with open_archive(archive(a_txt=bytes(900)), SMALL) as opened:
        opened.measure()


def test_too_many_members() -> None:
    path = archive(**{f"{name}_txt": b"1" for name in "abcdef"})
    assert "    6 members, at most 5 are read\n" in refused(path, SMALL)


def test_as_much_as_the_limits_say_is_read() -> None:
    path = archive(**{f"{name}_txt": noise(2_000) for name in "abcde"})
    with open_archive(path, SMALL) as opened:
        opened.measure()


def test_an_endless_member_is_stopped_where_its_header_ends() -> None:
    """The header says 10 bytes; behind it are five million."""
    path = archive(a_txt=bytes(5_000_000))
    patched(path, {24: struct.pack("<I", 10)})
    with open_archive(path) as opened, pytest.raises(UnreadableFileError) as error:
        opened.open("a.txt").read()
    assert str(error.value) == (
        "a.zip is damaged, or was made to deceive.\n\n"
        "    member 'a.txt' declares 10 bytes and unpacks to more\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_member_shorter_than_its_header_says() -> None:
    path = patched(archive(a_txt=b"0123456789"), {24: struct.pack("<I", 20)})
    assert refused(path, reads=True) == (
        "a.zip is damaged, or was made to deceive.\n\n"
        "    member 'a.txt' declares 20 bytes and unpacks to 10 bytes\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "planboard.publishers.archive.shutil.disk_usage",
        lambda _: type("Usage", (), {"free": 5_000})(),
    )
    monkeypatch.setattr("tempfile.tempdir", str(Path.cwd()))
    path = archive(a_txt=noise(6_000))
    with pytest.raises(UnreadableFileError) as error, unpacked(path):
        pass
    lines = str(error.value).split("\n\n")
    assert lines[0] == "a.zip cannot be unpacked: the disk is too full."
    assert lines[1].startswith("    it takes 6.0 kB\n    free in ")
    assert lines[1].endswith(": 5.0 kB")
    assert lines[2] == "Free some space, or set TMPDIR to a folder with room."


# What would do harm -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../x.csv", "a/../../x.csv", "/x.csv", "..\\x.csv", "C:x.csv"])
def test_members_that_would_be_written_elsewhere(name: str) -> None:
    with zipfile.ZipFile("a.zip", "w") as file:
        file.writestr(name, "1")
        file.writestr("fine..csv", "1")
    assert refused("a.zip") == (
        "a.zip holds members that no publisher writes.\n\n"
        f"    member '{name}' would be written outside its folder\n\n"
        "Take the file from the publisher again, whole."
    )


def test_links() -> None:
    link = zipfile.ZipInfo("passwords")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile("a.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
    assert "    member 'passwords' is a link\n" in refused("a.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["a.csv", "A.csv"])
def test_names_that_stand_twice(second: str) -> None:
    with zipfile.ZipFile("a.zip", "w") as file:
        file.writestr("a.csv", "1")
        file.writestr(second, "2")
    assert f"    member '{second}' stands twice\n" in refused("a.zip")


def test_encrypted_members() -> None:
    path = patched(archive(a_txt=b"1"), {8: b"\x01\x00"})
    assert refused(path) == (
        "a.zip is protected by a password.\n\n    member 'a.txt' is encrypted\n\n"
        "Unpack it, and name what was in it."
    )


def test_archives_within_archives_stay_shut() -> None:
    inner = archive("inner.zip", a_txt=b"1").read_bytes()
    assert refused(archive(one_zip=inner, two_zip=inner)) == (
        "a.zip holds archives and nothing else.\n\n"
        "    member 'one.zip'\n    member 'two.zip'\n\n"
        "Archives within archives are not opened: unpack it, and name one of them."
    )
    with unpacked(archive(one_zip=inner, readme_txt=b"1")) as folder:
        assert (folder / "one.zip").read_bytes() == inner


def test_an_empty_archive() -> None:
    assert refused(archive()) == (
        "a.zip is an empty archive.\n\nTake the file from the publisher again, whole."
    )


def test_an_unknown_way_of_packing() -> None:
    path = patched(archive(a_txt=b"1"), {10: b"\x63\x00"})
    assert refused(path, reads=True) == (
        "a.zip is damaged.\n\n"
        "    member 'a.txt': That compression method is not supported\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_file_that_is_there_is_found() -> None:
    Path("x.csv").touch()
    assert existing_file("x.csv") == Path("x.csv")


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_that_are_damaged(packing: int) -> None:
    with zipfile.ZipFile("a.zip", "w", packing) as file:
        file.writestr("a.csv", noise(5_000))
    data = bytearray(Path("a.zip").read_bytes())
    data[60:2_000] = b"\xff" * 1_940
    Path("a.zip").write_bytes(data)
    said = refused("a.zip", reads=True)
    assert said.startswith("a.zip is damaged.\n\n    member 'a.csv': ")
