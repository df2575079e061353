"""Chinese and other words in every charset, named rightly, wrongly or not at all."""

from store.nouns import Outcome
from tests.monitor.sources.hostile.case import HAN, Case, item, refused, rss

_RARE = "朱镕喆：锅炉厂爆炸，三人受伤"
_TRADITIONAL = "手機發熱燙手，客服一直推託，消費者要求退款"
_MORE = f"<description>{HAN * 4}</description>"
_ONE = (HAN,)


def _said(title: str = HAN, declared: str = "", more: str = _MORE) -> str:
    return rss(item(title, more=more), declared=declared)


_MIXED = (_said(declared="utf-8").encode().replace(b"</channel>", f"<item><title>{HAN}</title>".encode() + (
    b"<description>" + "推脱".encode("gbk") + b"</description></item></channel>")))  # fmt: skip
_LATIN = "Recall of a kettle: “it melts”, says café owner Zoë — Müller & Söhne"
_JAPANESE = "星河の携帯が発熱、お客様窓口は回答せず"
_RUSSIAN = "Кружка треснула, покупатель обжёгся"
_KOREAN = "은하수 휴대폰 발열, 고객센터 무응답"
UNICODE = (
    Case("a mark twice", b"\xef\xbb\xbf" * 2 + _said(declared="utf-8").encode(), titles=_ONE),
    Case("a mark and blank lines", b"\xef\xbb\xbf\r\n\r\n" + _said(declared="utf-8").encode(), titles=_ONE),
    Case("UTF-16 LE with a mark", b"\xff\xfe" + _said(declared="utf-16").encode("utf-16-le"), titles=_ONE),
    Case("UTF-16 BE with a mark", b"\xfe\xff" + _said(declared="utf-16").encode("utf-16-be"), titles=_ONE),
    Case("UTF-16 LE without a mark", _said(declared="utf-16").encode("utf-16-le"), titles=_ONE),
    Case("UTF-16 BE without a mark", _said(declared="utf-16").encode("utf-16-be"), titles=_ONE),
    Case("UTF-16 called UTF-8", b"\xff\xfe" + _said(declared="utf-8").encode("utf-16-le"), titles=_ONE,
         served="text/xml; charset=utf-8"),
    Case("UTF-16 with an odd byte", b"\xff\xfe" + _said().encode("utf-16-le") + b"\x0a", titles=_ONE, degraded=True),
    Case("UTF-32", _said(declared="utf-32").encode("utf-32"), titles=_ONE),
    Case("UTF-8 called UTF-7", _said(declared="utf-7").encode(), titles=_ONE, served="text/xml; charset=utf-7"),
    Case("UTF-8 called UTF-16", _said(declared="utf-16").encode(), titles=_ONE, served="text/xml; charset=utf-16"),
    Case("UTF-8 called gb2312", _said(declared="gb2312").encode(), titles=_ONE, served="text/xml; charset=gb2312"),
    Case("UTF-8 called ISO-8859-1", _said(declared="iso-8859-1").encode(), titles=_ONE,
         served="text/xml; charset=ISO-8859-1"),
    Case("UTF-8 called something else", _said(declared="utf8mb4").encode(), titles=_ONE,
         served="text/xml; charset=none"),
    Case("UTF-8 called a packing", _said(declared="zlib").encode(), titles=_ONE, served="text/xml; charset=rot13"),
    Case("UTF-8 read as Western and saved again", _said().encode().decode("latin-1"), titles=_ONE),
    Case("UTF-8 cut within a character", f"<rss version='2.0'><channel>{item(HAN)}<item><title>半截".encode()[:-1],
         titles=_ONE, degraded=True),
    Case("an emoji as two halves of three bytes", _said(f"{HAN}\ud83d\ude21"), titles=(f"{HAN}😡",)),
    refused("UTF-7", "+ADw-rss+AD4APA-channel/+AD4-", Outcome.MALFORMED, served="text/xml; charset=utf-7"),
)  # fmt: skip
CHINESE = (
    Case("GBK undeclared", _said().encode("gbk"), titles=_ONE),
    Case("GBK called UTF-8", _said(declared="utf-8").encode("gbk"), titles=_ONE, served="text/xml; charset=utf-8"),
    Case("GBK called ISO-8859-1", _said(declared="iso-8859-1").encode("gbk"), titles=_ONE),
    Case("GBK called windows-1252", _said().encode("gbk"), titles=_ONE, served="text/xml; charset=windows-1252"),
    Case("GBK called Big5", _said(declared="big5").encode("gbk"), titles=_ONE, served="text/xml; charset=big5"),
    Case("gb2312 with rare names", _said(_RARE, "gb2312").encode("gbk"), titles=(_RARE,)),
    Case("gb18030 with four bytes and an emoji", _said(f"{HAN}𠮷😡", "gb18030").encode("gb18030"), titles=(f"{HAN}𠮷😡",
         )),
    Case("gb2312 with an emoji", _said(f"{HAN}😡", "gb2312").encode("gb18030"), titles=(f"{HAN}😡",)),
    Case("GBK cut within a character", f"<rss version='2.0'><channel>{item(HAN)}<item><title>半截".encode("gbk")[:-1],
         titles=_ONE, degraded=True),
    Case("GBK and one broken byte", _said().encode("gbk") + b"\xff", titles=_ONE, degraded=True),
    Case("GBK in numbers", rss(item("".join(f"&#{ord(c)};" for c in HAN)), declared="gbk").encode("gbk"), titles=_ONE),
    Case("GBK with a broken byte in a text", _said(more=_MORE * 5).encode("gbk").replace(
        b"</description>", b"\xff</description>", 1), titles=_ONE, garbled=True),
    Case("GBK of one short title", rss(item("召回")).encode("gbk"), titles=("召回",)),
    Case("Big5 declared", _said(_TRADITIONAL, "big5", "").encode("big5"), titles=(_TRADITIONAL,)),
    Case("Big5 undeclared", _said(_TRADITIONAL, more="").encode("big5"), titles=(_TRADITIONAL,)),
    Case("Big5 called UTF-8", _said(_TRADITIONAL, "utf-8", "").encode("big5"), titles=(_TRADITIONAL,)),
    Case("Big5 called gb2312", _said(_TRADITIONAL, "gb2312", "").encode("big5"), titles=(_TRADITIONAL,)),
    Case("HZ declared", rss(item(HAN), declared="hz-gb-2312").encode("hz"), titles=_ONE),
    Case("traditional in UTF-8", _said(_TRADITIONAL), titles=(_TRADITIONAL,)),
    Case("a line of GBK in UTF-8", _MIXED, titles=(HAN, HAN), garbled=True),
)  # fmt: skip
OTHERS = (
    Case("Shift-JIS declared", rss(item(_JAPANESE), declared="shift_jis").encode("shift_jis"), titles=(_JAPANESE,)),
    Case("Shift-JIS named by the server", rss(item(_JAPANESE)).encode("shift_jis"), titles=(_JAPANESE,),
         served="text/xml; charset=Shift_JIS"),
    Case("EUC-JP declared", rss(item(_JAPANESE), declared="euc-jp").encode("euc-jp"), titles=(_JAPANESE,)),
    Case("ISO-2022-JP declared", rss(item(_JAPANESE), declared="iso-2022-jp").encode("iso2022_jp"), titles=(_JAPANESE,
         )),
    Case("EUC-KR declared", rss(item(_KOREAN), declared="euc-kr").encode("euc-kr"), titles=(_KOREAN,)),
    Case("KOI8-R declared", rss(item(_RUSSIAN), declared="koi8-r").encode("koi8-r"), titles=(_RUSSIAN,),
         zone="Europe/Moscow"),
    Case("windows-1251 named by the server", rss(item(_RUSSIAN)).encode("cp1251"), titles=(_RUSSIAN,),
         served="text/xml; charset=windows-1251", zone="Europe/Moscow"),
    Case("windows-1252 declared", rss(item(_LATIN.replace("&", "&amp;")), declared="windows-1252").encode("cp1252"),
         titles=(_LATIN,)),
    Case("windows-1252 called ISO-8859-1", rss(item(_LATIN.replace("&", "&amp;")),
         declared="iso-8859-1").encode("cp1252"),
         titles=(_LATIN,), zone="Europe/Berlin"),
    Case("windows-1252 undeclared", rss(item(_LATIN.replace("&", "&amp;"))).encode("cp1252"), titles=(_LATIN,),
         zone="Europe/Berlin"),
)  # fmt: skip
CASES = (*UNICODE, *CHINESE, *OTHERS)
