"""Ways to spoil a file, each drawn from a seeded stream; the tests run this file by its path."""

import gzip
import io
import random
import re
import struct
import zipfile
import zlib

NUMBERS = b"999999999999999999 1e400 -1e400 1e999 1e308 nan inf -1 0 1e-320 1000000000".split()
NUMBERS += b"1000000000000 1000000 2 3.5 -0 1e5 0x10 00 4294967296 -9223372036854775809".split()
ODD = [
    "١٢",
    "1_0",
    "0x1F",
    "²",
    "é",
    "EOF",
    ":",
    "-1 -1",
    "# c",
    "%",
    *"+\ufeff\0\v\f\x1c\x85\u2028",
]
PIECES = [*NUMBERS, *(odd.encode() for odd in ODD), b"\xff\xfe", b"\xe9", b"9" * 5000]
TYPES = b"|O <f8 >f8 <f2 |b1 <U9 |S3 <c16 |V8 <i8 <M8[s] <f99 [('a','<f8')]".split()
PNG = b"\x89PNG\r\n\x1a\n"


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to three things wrong with it."""
    ways = [change_bytes, change_lines, change_words, change_counts, change_whole]
    if data.startswith(b"PK"):
        ways = [change_bytes, change_bytes, change_archive, change_archive, change_archive]
    elif data.startswith(b"\x93NUMPY"):
        ways = [change_bytes, change_whole, change_array, change_array, change_array]
    elif data.startswith(PNG):
        ways = [change_bytes, change_whole, change_chunks, change_chunks, change_chunks]
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(ways)(data, chance)
    return data


def change_bytes(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, repeat or insert bytes."""
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((1, 1, 2, 4, 16)))
    middle = chance.choice(
        (
            b"",
            bytes(b ^ (1 << chance.randrange(8)) for b in data[at:end]),
            data[at:end] * chance.choice((2, 2, 50, 5000)),
            chance.choice(PIECES),
            chance.randbytes(end - at),
        )
    )
    return data[:at] + middle + data[end:]


def change_lines(data: bytes, chance: random.Random) -> bytes:
    """Drop, repeat, swap or blank lines, or turn parts of the file around."""
    lines = data.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(6)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(other, lines[at])
    elif how == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif how == 3:
        lines[at] = b""
    elif how == 4:
        lines[at] = b" ".join([lines[at]] * 300)
    else:
        first, second = sorted((at, other))
        lines = [*lines[second:], *lines[first:second], *lines[:first]]
    return b"\n".join(lines)


def change_words(data: bytes, chance: random.Random) -> bytes:
    """Drop, repeat, swap or replace words."""
    words = re.split(rb"(\s+)", data)
    at, other = chance.randrange(len(words)), chance.randrange(len(words))
    how = chance.randrange(4)
    if how == 0:
        words[at] = chance.choice(PIECES)
    elif how == 1:
        words[at] += b" " + words[other]
    elif how == 2:
        words[at], words[other] = words[other], words[at]
    else:
        words[at] = b""
    return b"".join(words)


def change_counts(data: bytes, chance: random.Random) -> bytes:
    """Make one of the first numbers, which are often counts, larger, smaller or another."""
    found = list(re.finditer(rb"\d+", data))[:6]
    if not found:
        return data
    place = chance.choice(found)
    number = int(place[0][:15])
    near = (number + 1, max(0, number - 1), 10 * number, 10**4 + number, 10**12, -number)
    new = chance.choice([*(b"%d" % k for k in near), *NUMBERS])
    return data[: place.start()] + new + data[place.end() :]


def change_whole(data: bytes, chance: random.Random) -> bytes:
    """Cut, double or recode the file."""
    how = chance.randrange(5)
    if how == 0:
        return data[: chance.randrange(len(data) + 1)]
    if how == 1:
        return data + data
    if how == 2:
        return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b" ", b"")))
    if how == 3:
        return data.decode("latin-1").encode(chance.choice(("utf-16", "utf-8-sig", "utf-32")))
    return gzip.compress(data)


def change_array(data: bytes, chance: random.Random) -> bytes:
    """Change the header of an array in numpy's format, which stays as long as it says."""
    if not data.startswith(b"\x93NUMPY") or len(data) < 10:
        return change_bytes(data, chance)
    end = 10 + int.from_bytes(data[8:10], "little")
    header, body = data[10:end].rstrip(), data[end:]
    how = chance.randrange(6)
    if how == 0:
        header = re.sub(rb"'descr': '[^']*'", b"'descr': '%s'" % chance.choice(TYPES), header)
    elif how == 1:
        axes = [str(chance.choice((0, 1, 3, -1, 10**6, 10**12, 2**63))) for _ in range(3)]
        shape = ", ".join(axes[: chance.randrange(4)]).encode()
        header = re.sub(rb"\([^)]*\)", b"(%s,)" % shape, header)
    elif how == 2:
        header = header.replace(b"False", chance.choice((b"True", b"0", b"None", b"[]")))
    elif how == 3:
        header = change_bytes(header, chance)[:60000]
    elif how == 4:
        header += chance.choice((b" " * 9000, b"(" * 5000, b"\n" * 99, b"'''", b"\\", b"1_0L"))
    else:
        body = change_bytes(body, chance)
    return data[:8] + struct.pack("<H", len(header) + 1) + header + b"\n" + body


def change_chunks(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, repeat or swap chunks of an image, with sums that fit."""
    chunks, at = [], len(PNG)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    if not chunks:
        return change_bytes(data, chance)
    place, other = chance.randrange(len(chunks)), chance.randrange(len(chunks))
    name, body = chunks[place]
    how = chance.randrange(5)
    if how == 0:
        chunks[place] = (name, change_bytes(body, chance))
    elif how == 1:
        size = struct.pack(">I", chance.choice((0, 1, 3, 5000, 10**5, 2**31 - 1, 2**32 - 1)))
        start = chance.choice((0, 4))
        chunks[place] = (name, body[:start] + size + body[start + 4 :])
    elif how == 2:
        chunks[place] = chunks[other]
    elif how == 3:
        del chunks[place]
    else:
        bomb = zlib.compress(bytes(chance.choice((10**4, 10**6))))
        chunks[place] = (chance.choice((b"IDAT", b"zTXt", b"iCCP", b"PLTE")), b"a\0\0" + bomb)
    packed = (
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in chunks
    )
    return PNG + b"".join(packed)


def change_archive(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, rename or repeat the arrays of an archive, or pack them in another way."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            arrays = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, zlib.error, EOFError):
        return change_bytes(data, chance)
    if not arrays:
        return data
    name, other = chance.choice(list(arrays)), chance.choice(list(arrays))
    how = chance.randrange(5)
    if how == 0:
        arrays[name] = arrays[other]
    elif how == 1:
        del arrays[name]
    elif how == 2:
        arrays[name + "x"] = arrays.pop(name)
    elif how == 3:
        arrays[name] = arrays[name][:-8] + struct.pack(
            "<q", chance.choice((-1, 0, 1, 2, 7, 2**31, 2**62, 2**63 - 1))
        )
    else:
        arrays[name] = change_array(arrays[name], chance)
    packing = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for entry, content in arrays.items():
            archive.writestr(entry, content)
    return file.getvalue()
