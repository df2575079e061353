"""Documents that define entities of their own, and some that only look so."""

from store.nouns import Outcome
from tests.monitor.sources.hostile.case import Case, item, refused, rss


def _defining(inner: str, title: str = "&x;") -> str:
    return rss(item(title), prolog=f"<!DOCTYPE rss [{inner}]>")


_LAUGHS = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
)
_PI = "<?note x?>" * 20_000
_FAR = f"<!-- {'x' * 100_000} -->"
_EXTERNAL = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss-0.91.dtd">'

CASES = (
    refused("billion laughs", _defining(_LAUGHS, "&j;"), Outcome.MALFORMED),
    refused("billion laughs in UTF-16", _defining(_LAUGHS, "&j;").encode("utf-16"), Outcome.MALFORMED),
    refused("billion laughs in GBK", rss(item("&j;"), declared="gbk",
            prolog=f"<!DOCTYPE rss [{_LAUGHS}]>").encode("gbk"),
            Outcome.MALFORMED),
    refused("quadratic blowup", lambda: _defining(f'<!ENTITY x "{"长" * 20_000}">', "&x;" * 100_000),
            Outcome.MALFORMED),
    refused("entity from a file", _defining('<!ENTITY x SYSTEM "file:///etc/passwd">'), Outcome.MALFORMED),
    refused("entity from the web", _defining('<!ENTITY x SYSTEM "http://127.0.0.1:9/secret">'), Outcome.MALFORMED),
    refused("entity from a PHP filter",
            _defining('<!ENTITY x SYSTEM "php://filter/convert.base64-encode/resource=index.php">'), Outcome.MALFORMED),
    refused("parameter entities", _defining('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;'), Outcome.MALFORMED),
    refused("parameter entities that build one", _defining(
        '<!ENTITY % a "<!ENTITY x SYSTEM \'file:///etc/passwd\'>"> %a;'), Outcome.MALFORMED),
    refused("entities behind 100 KB of comment", rss(item("&x;"), prolog=f'{_FAR}<!DOCTYPE rss [<!ENTITY x "y">]>'),
            Outcome.MALFORMED),
    refused("entities behind 20,000 instructions", rss(item("&x;"), prolog=f'{_PI}<!DOCTYPE rss [<!ENTITY x "y">]>'),
            Outcome.MALFORMED),
    refused("entities behind a comment with a bracket", rss(
        item("&x;"), prolog='<!-- ]> <rss> --><!DOCTYPE rss [<!-- > --><!ENTITY x "y">]>'), Outcome.MALFORMED),
    refused("entities behind a quoted angle", rss(
        item("&x;"), prolog='<!DOCTYPE rss SYSTEM "a>b" [<!ENTITY x "y">]>'), Outcome.MALFORMED),
    refused("entities in an Atom feed", '<!DOCTYPE feed [<!ENTITY x "y">]><feed xmlns="http://www.w3.org/2005/Atom">'
            "<entry><title>&x;</title></entry></feed>", Outcome.MALFORMED),
    refused("entities in RSS 1.0 with namespaces as entities",
            '<!DOCTYPE rdf:RDF [<!ENTITY r "http://purl.org/rss/1.0/">]>'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="&r;"></rdf:RDF>',
            Outcome.MALFORMED),
    refused("doctype in lower case", rss(item("&x;"), prolog='<!doctype rss [<!entity x "y">]>'), Outcome.MALFORMED),
    refused("default attributes", _defining('<!ATTLIST item x CDATA "y">', "t"), Outcome.MALFORMED),
    refused("entities behind a PHP warning", "<br />\n<b>Warning</b>: x\n" + _defining('<!ENTITY x "y">'),
            Outcome.MALFORMED),
    refused("a doctype that never ends", f'<!DOCTYPE rss [<!ENTITY x "{"y" * 100_000}', Outcome.MALFORMED),
    refused("400,000 doctypes", lambda: "<!DOCTYPE a>" * 400_000, Outcome.MALFORMED),
    refused("400,000 comments and doctypes", lambda: "<!-- --><!DOCTYPE a [" * 200_000, Outcome.MALFORMED),
    Case("doctype from the web, nothing defined", rss(item("召回"), prolog=_EXTERNAL), titles=("召回",)),
    Case("doctype inside the root", f'<rss version="2.0"><!DOCTYPE rss [{_LAUGHS}]><channel>{item("&amp;j;")}'
         f"{item('召回')}</channel></rss>", titles=("&j;", "召回"), degraded=True),
    Case("words about entities", rss(item("<![CDATA[How <!DOCTYPE x [<!ENTITY y 'z'>]> works]]>")),
         titles=("How works",)),
)  # fmt: skip
