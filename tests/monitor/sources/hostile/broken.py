"""Feeds that are not well-formed: cut, dirty, mixed up."""

from store.nouns import Outcome
from tests.monitor.sources.hostile.case import HAN, HEAD, Case, item, refused, rss

_OPEN = f'<rss version="2.0">{HEAD}'
_A = item("甲", "https://a.example/1")
_WARNING = "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/var/www/feed.php</b> on line <b>3</b><br />\n"
CUT = (
    Case("cut in a tag", f"{_OPEN}{_A}<item><title>乙</title><lin", titles=("甲", "乙"), degraded=True),
    Case("cut in an attribute", f'{_OPEN}{_A}<item><title>乙</title><enclosure url="https://a', titles=("甲", "乙"),
         degraded=True),
    Case("cut in CDATA", f"{_OPEN}{_A}<item><title><![CDATA[乙的半", titles=("甲",), degraded=True),
    Case("cut in a reference", f"{_OPEN}{_A}<item><title>乙 &am", titles=("甲",), degraded=True),
    Case("cut in a comment", f"{_OPEN}{_A}<!-- <item><title>丙", titles=("甲",), degraded=True),
    Case("cut behind an item", f"{_OPEN}{_A}", titles=("甲",), degraded=True),
    Case("cut in the first title", f"{_OPEN}<item><title>甲", Outcome.EMPTY, degraded=True),
    Case("cut before any item", f"{_OPEN}<ite", Outcome.EMPTY, degraded=True),
)  # fmt: skip
DIRT = (
    Case("control characters", rss(item("甲\x07\x1b[31m乙\x08", more="<description>丙\x0b\x0c丁</description>")),
         titles=("甲[31m乙",), texts=("丙丁",), degraded=True),
    Case("NULs between", rss(item("甲乙")).replace("甲", "甲\x00"), titles=("甲乙",), degraded=True),
    Case("NULs behind", rss(item("甲乙")) + "\x00" * 512, titles=("甲乙",)),
    Case("DEL, and C1 controls that are letters of Windows", rss(item("甲\x7f\x80\x81乙")), titles=("甲€乙",)),
    Case("no characters", rss(item("甲\ufffe\uffff乙")), titles=("甲乙",), degraded=True),
    Case("half characters by number", rss(item("甲&#xD83D;乙&#55357;&#56864;")), titles=1, garbled=True),
    Case("numbers beyond Unicode", rss(item("甲&#x110000;乙&#99999999999;")), titles=1, garbled=True),
    Case("a reference to NUL", rss(item("甲&#0;乙")), titles=1, garbled=True),
    Case("a reference to a bell", rss(item("甲&#7;乙")), titles=1, garbled=True),
    Case("names XML does not know", rss(item("甲&nbsp;乙&hellip;&copy;&what;")), titles=("甲 乙…©&what;",)),
    Case("bare ampersands", rss(item("R&D & 甲", "https://a.example/?a=1&b=2")), titles=("R&D & 甲",),
         urls=("https://a.example/?a=1&b=2",)),
    Case("a bare angle", rss(item("1 < 2，甲")), titles=1, degraded=True),
    Case("]]> in a text", rss(item("甲]]>乙")), titles=1, degraded=True),
    Case("-- in a comment", rss("<!-- a -- b -->", item("甲")), titles=("甲",), degraded=True),
)  # fmt: skip
MIXED_UP = (
    Case("a PHP warning first", _WARNING + rss(item("甲"), declared="utf-8"), titles=("甲",), degraded=True),
    Case("a declaration behind blank lines", "\n\n  " + rss(item("甲"), declared="utf-8"), titles=("甲",)),
    Case("a declaration behind a comment", "<!-- cached -->\n" + rss(item("甲"), declared="utf-8"), titles=("甲",)),
    Case("two declarations", '<?xml version="1.0"?>\n' + rss(item("甲"), declared="utf-8"), titles=("甲",)),
    Case("XML 1.1", rss(item("甲"), declared="utf-8").replace('"1.0"', '"1.1"'), titles=("甲",)),
    Case("XML 9.9", rss(item("甲"), declared="utf-8").replace('"1.0"', '"9.9"'), titles=("甲",)),
    Case("RSS 7.3", rss(item("甲")).replace('"2.0"', '"7.3"'), titles=("甲",)),
    Case("RSS without a version", rss(item("甲")).replace(' version="2.0"', ""), titles=("甲",)),
    Case("two roots", rss(item("甲")) + rss(item("乙")), titles=("甲", "乙"), degraded=True),
    Case("a page behind the feed", rss(item("甲")) + "<html><body><script>x()</script></body></html>", titles=("甲",),
         degraded=True),
    Case("a comment behind the feed", rss(item("甲")) + "<!-- 0.02 s -->", titles=("甲",)),
    Case("words behind the feed", rss(item("甲")) + "\nWarning: memory", titles=("甲",), degraded=True),
    Case("items without a channel", f'<rss version="2.0">{_A}</rss>', titles=("甲",)),
    Case("items behind the channel", f'<rss version="2.0">{HEAD}</channel>{_A}</rss>', titles=("甲",)),
    Case("a channel without rss", f"{HEAD}{_A}</channel>", titles=("甲",)),
    Case("tags that cross", rss("<item><title>甲</link></title></item>", item("乙")), titles=("甲", "乙"),
         degraded=True),
    Case("a title without an end", rss(item("甲"), "<item><title>乙</item>", item("丙")), titles=("甲",),
         degraded=True),
    Case("tags in capitals", rss(_A).upper().replace("HTTPS://A.EXAMPLE", "https://a.example"), titles=("甲",)),
    Case("attributes without quotes", f"<rss version=2.0>{HEAD}{_A}</channel></rss>", titles=("甲",), degraded=True),
    Case("an attribute twice", f'<rss version="2.0" version="2.0">{HEAD}{_A}</channel></rss>', titles=("甲",),
         degraded=True),
    Case("prefixes nobody declared", rss(item("甲", more="<dc:creator>小满</dc:creator><x:y>1</x:y>")), titles=("甲",),
         degraded=True),
    Case("an item in an item", rss("<item><title>甲</title>" + item("乙") + "</item>"), titles=2),
    Case("an end that never began", rss("</item>", item("甲")), titles=("甲",), degraded=True),
    Case("a blank before a name", rss("< item>", item("甲")), titles=("甲",), degraded=True),
    Case("an XML declaration with a wrong charset and quotes", "<?xml version='1.0' encoding=''?>" + rss(item(HAN)),
         titles=(HAN,)),
    refused("JSON behind an angle", '<{"version":"https://jsonfeed.org/version/1","items":[]}', Outcome.MALFORMED),
)  # fmt: skip
CASES = (*CUT, *DIRT, *MIXED_UP)
