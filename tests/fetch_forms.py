"""Forms of address that must never be connected to (FAULTS.md, rows 20 to 22)."""

from tests.fetch_samples import PUBLIC_IP

FORMS = r"""
file:///etc/passwd
file://localhost/etc/passwd
ftp://news.example/a
ftps://news.example/a
gopher://news.example:70/_GET
data:text/html,<p>a</p>
javascript:alert(1)
jar:http://news.example/a!/b
view-source:http://news.example/
ldap://news.example/
dict://news.example:11211/stat
smb://news.example/share
ws://news.example/
mailto:a@news.example
http+unix://%2Fvar%2Frun%2Fdocker.sock/info
http://user@news.example/
http://user:secret@news.example/
http://@news.example/
http://news.example@127.0.0.1/
http://127.0.0.1%40news.example@127.0.0.1/
https:news.example
http:/news.example/a
http:///a
http://
http://?a=b
http://news.example:22/
http://news.example:6379/
http://news.example:8080/
https://news.example:8443/
http://news.example:0/
http://news.example:65616/
http://news.example:80:80/
http://news.example:eighty/
http://news.example/\ta
http://news.example/a\r\nX-Evil: 1
http://news.example/\x00
http://news.example /a
 http://news.example/
http://news.example\\@127.0.0.1/
http:\\\\news.example\\a
http://news.example/\u202ecod.exe
http://news.exam\u200bple/
http://[::1/
http://news.example:443:/
"""
"""Row 20: schemes, users, ports, characters, and what is no address."""

HOSTS = """
localhost
LOCALHOST
localhost.
127.0.0.1
127.0.0.1.
127.1
127.0.1
127.255.255.254
2130706433
0x7f000001
0x7f.0.0.1
0x7f.1
0177.0.0.1
017700000001
00000177.0.0.1
１２７.0.0.1
①②⑦.⓪.⓪.①
127。0。0。1
0
0.0.0.0
0x0
[::]
[::1]
[0:0:0:0:0:0:0:1]
[::ffff:127.0.0.1]
[::ffff:7f00:1]
[::ffff:169.254.169.254]
[::127.0.0.1]
[64:ff9b::127.0.0.1]
[64:ff9b::a9fe:a9fe]
[64:ff9b:1::a00:1]
[2002:7f00:1::]
[2002:a9fe:a9fe::1]
[2001:0:4136:e378:8000:63bf:3fff:fdd2]
[fc00::1]
[fd00:ec2::254]
[fd20:ce::254]
[fe80::1]
[fe80::1%25lo]
[fec0::1]
[ff02::1]
[100::1]
[2001:db8::1]
[3fff::1]
10.0.0.1
10.255.255.255
172.16.0.1
172.31.255.254
192.168.0.1
192.168.1.254
100.64.0.1
100.100.100.200
169.254.169.254
0xA9FEA9FE
2852039166
169.254.170.2
192.0.0.1
192.0.0.192
192.0.2.1
192.88.99.1
198.18.0.1
198.51.100.1
203.0.113.1
168.63.129.16
224.0.0.1
239.255.255.250
240.0.0.1
255.255.255.255
"""
"""Row 21: ways of writing addresses that are not public."""

NAMES = {
    "metadata.google.internal": ["169.254.169.254"],
    "metadata": ["169.254.169.254"],
    "instance-data": ["169.254.169.254"],
    "metadata.aws.example": ["fd00:ec2::254"],
    "router.example": ["192.168.1.1"],
    "loopback.example": ["127.0.0.1"],
    "loopback6.example": ["::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "nat64.example": ["64:ff9b::a00:1"],
    "link-local.example": ["fe80::1%eth0"],
    "mixed.example": [PUBLIC_IP, "10.0.0.5"],
    "mixed-last.example": [PUBLIC_IP, PUBLIC_IP, "::1"],
    "mixed-first.example": ["127.0.0.1", PUBLIC_IP],
    "nonsense.example": ["not an address"],
    "nothing.example": [],
}
"""Rows 21 and 22: names, by what DNS says of them."""


def lines(text):
    """The lines of a table above; a backslash starts an escape, as in Python."""
    written = [line for line in text.split("\n") if line]
    return [line.encode("latin-1", "backslashreplace").decode("unicode_escape") for line in written]


TARGETS = [
    f"http://{host}/latest/meta-data" for host in ("127.0.0.1", "localhost", "169.254.169.254", "[::1]", "10.0.0.1")
]
TARGETS += ["//127.1/", "http://metadata/", "http://mixed.example/", "http://2130706433/", "http://[::ffff:10.0.0.1]/"]
FORBIDDEN = ["file:///etc/passwd", "gopher://127.0.0.1:70/", "javascript:alert(1)", "http://a@127.0.0.1/", "data:,a"]
FORBIDDEN += ["http://127.0.0.1:22/", "http://news.example:8080/", "\\\\127.0.0.1\\a", "http://"]
REDIRECTS = [(status, target) for status in (301, 302, 303, 307, 308) for target in TARGETS]
REDIRECTS += [(302, target) for target in FORBIDDEN]
