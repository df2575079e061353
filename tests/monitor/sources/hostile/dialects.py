"""Feeds in the dialects of thirty years and of the bridges of today, each with something odd about it."""

from tests.monitor.sources.hostile.case import HEAD, Case, atom, item, rss

_ATOM = "http://www.w3.org/2005/Atom"
_RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_TEN_FIVE = "2026-11-22T02:05:00+00:00"
_TELEGRAM = item(
    "🖼 青禾酸奶召回通知", "https://t.example/s/qinghe/71",
    "<description>&lt;div class=&quot;rsshub-quote&quot;&gt;&lt;p&gt;转自 小满&lt;/p&gt;&lt;/div&gt;"
    "&lt;p&gt;喝出异物&lt;br&gt;退款"
    "&lt;/p&gt;&lt;img src=&quot;https://cdn.example/1.jpg&quot; referrerpolicy=&quot;no&quot;&gt;</description>"
    "<guid isPermaLink='false'>https://t.example/s/qinghe/71</guid><pubDate>Sun, 22 Nov 2026 02:05:00 GMT</pubDate>"
    "<author>青禾观察</author><category>召回</category>",
)  # fmt: skip
_ACCOUNT = item(
    "<![CDATA[青禾酸奶，请给个说法]]>", "https://mp.example/s/Ab-c_1",
    "<guid>Ab-c_1</guid><pubDate>Sun, 22 Nov 2026 02:05:00 GMT</pubDate>"
    "<content:encoded><![CDATA[<section data-tool='x'>"
    "<p>孩子喝了拉肚子</p><mpvoice/><iframe src='https://v.example/'></iframe></section>]]></content:encoded>",
)  # fmt: skip
_PODCAST = item(
    "第7期", "https://pod.example/7",
    "<itunes:title>别的题目</itunes:title><itunes:summary>短的说明</itunes:summary>"
    "<itunes:image href='https://pod.example/i'/>"
    "<enclosure url='https://pod.example/7.mp3' type='audio/mpeg' length='1'/>"
    "<podcast:transcript url='https://pod.example/t'/>"
    "<description>聊青禾酸奶</description>",
)  # fmt: skip
_MEDIA = item(
    "视频", "https://v.example/1",
    "<media:group><media:title>另一个题目</media:title><media:content url='https://v.example/1.mp4'><media:title>又一个"
    "</media:title></media:content></media:group><media:thumbnail url='https://v.example/1.jpg'/>",
)  # fmt: skip
OLD = (
    Case("RSS 0.91", f'<rss version="0.91">{HEAD}{item("甲", "https://a.example/1")}</channel></rss>', titles=("甲",)),
    Case("RSS 0.92 with a source", f'<rss version="0.92">{HEAD}<item><source url="https://b.example/">别家</source>'
         "<description>只有正文</description></item></channel></rss>", titles=("",), texts=("只有正文",)),
    Case("RSS 0.90",
         f'<rdf:RDF {_RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>x</title></channel>'
         f"{item('甲', 'https://a.example/1')}</rdf:RDF>", titles=("甲",)),
    Case("RSS 1.0", f'<rdf:RDF {_RDF} {_DC} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://a.example/">'
         '<title>x</title><items><rdf:Seq><rdf:li resource="https://a.example/1"/></rdf:Seq></items></channel>'
         '<item rdf:about="https://a.example/1"><title>甲</title><link>https://a.example/1</link>'
         "<dc:date>2026-11-22T10:05+08:00</dc:date><dc:creator>小满</dc:creator></item></rdf:RDF>", titles=("甲",),
         urls=("https://a.example/1",), dates=(_TEN_FIVE,)),
    Case("RSS 1.0 with another prefix", f'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
         f'xmlns="http://purl.org/rss/1.0/"><channel/>{item("甲")}</r:RDF>', titles=("甲",)),
    Case("Atom 0.3", '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>x</title><entry><title>甲</title>'
         '<link rel="alternate" type="text/html" href="https://a.example/1"/><issued>2026-11-22T10:05:00+08:00</issued>'
         "</entry></feed>", titles=("甲",), urls=("https://a.example/1",), dates=(_TEN_FIVE,)),
)  # fmt: skip
SPACES = (
    Case("a default namespace on rss", f'<rss version="2.0" xmlns="http://backend.userland.com/RSS2">{HEAD}{item("甲")}'
         "</channel></rss>", titles=("甲",)),
    Case("the namespace of RSS 1.0 on rss", rss(item("甲"), spaces=' xmlns="http://purl.org/rss/1.0/"'), titles=("甲",
         )),
    Case("the namespace of Atom on rss", rss(item("甲"), spaces=f' xmlns="{_ATOM}"'), titles=("甲",)),
    Case("a namespace nobody knows on rss", rss(item("甲"), spaces=' xmlns="urn:nobody"'), titles=("甲",)),
    Case("Atom under a prefix",
         f'<a:feed xmlns:a="{_ATOM}"><a:title>x</a:title><a:entry><a:title>甲</a:title><a:id>urn:1'
         '</a:id><a:link href="https://a.example/1"/></a:entry></a:feed>', titles=("甲",), urls=("https://a.example/1",
         )),
    Case("Atom without a namespace", "<feed><title>x</title><entry><title>甲</title><id>1</id></entry></feed>",
         titles=("甲",)),
    Case("Atom within RSS", rss('<atom:link rel="self" href="https://a.example/feed"/>', item(
        "甲", "https://a.example/1",
        '<atom:link rel="self" href="https://a.example/self"/><atom:updated>2026-11-22T02:05:00Z'
        "</atom:updated>"), spaces=f' xmlns:atom="{_ATOM}"'), titles=("甲",), urls=("https://a.example/1",),
        dates=(_TEN_FIVE,)),
    Case("RSS with media", rss(_MEDIA, spaces=' xmlns:media="http://search.yahoo.com/mrss/"'), titles=("视频",)),
    Case("a podcast", rss(_PODCAST, spaces=' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
         'xmlns:podcast="https://podcastindex.org/namespace/1.0"'), titles=("第7期",), urls=("https://pod.example/7",)),
    Case("prefixes that lie", rss(item("甲", more="<dc:title>不是题目</dc:title><content:encoded>x</content:encoded>"),
         spaces=' xmlns:dc="urn:a" xmlns:content="urn:b"'), titles=("甲",)),
)  # fmt: skip
BRIDGES = (
    Case("Telegram through a bridge", rss(_TELEGRAM), titles=("🖼 青禾酸奶召回通知",), texts=("转自 小满 喝出异物 退款",
         ),
         urls=("https://t.example/s/qinghe/71",), dates=(_TEN_FIVE,)),
    Case("an account through wewe-rss", rss(_ACCOUNT,
         spaces=' xmlns:content="http://purl.org/rss/1.0/modules/content/"'),
         titles=("青禾酸奶，请给个说法",), texts=("孩子喝了拉肚子",), urls=("https://mp.example/s/Ab-c_1",),
         dates=(_TEN_FIVE,)),
    Case("an account through wewe-rss as Atom", atom(
        '<entry><title type="html"><![CDATA[青禾酸奶，请给个说法]]></title><id>Ab-c_1</id>'
        '<link href="https://mp.example/s/Ab-c_1"/>'
        "<updated>2026-11-22T02:05:00.000Z</updated><author><name>青禾观察</name></author></entry>"),
        titles=("青禾酸奶，请给个说法",), urls=("https://mp.example/s/Ab-c_1",), dates=(_TEN_FIVE,)),
    Case("a post through RSSHub", rss("<generator>RSSHub</generator>", item(
        "小满: 青禾酸奶[怒] - 转发 @老周:&amp;amp;ensp;原文", "https://w.example/7/Ox1", "<author>小满</author>"
        "<pubDate>Invalid Date</pubDate>")), titles=("青禾酸奶[怒] - 转发 @老周: 原文",), dates=(None,)),
)  # fmt: skip
CASES = (*OLD, *SPACES, *BRIDGES)
