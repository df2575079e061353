"""Made feeds for measuring: 50 mentions of a fictional brand in four shapes the world serves, about 119 KB each."""

import html
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Final, NamedTuple

from bench.made import DOING, FEELING, OPENERS, START, WHO, pick

COUNT: Final = 50
SIZE: Final = 119_000


class Article(NamedTuple):
    """One entry. `post` is HTML as a bridge makes it of a post with pictures, `story` as a site's editor writes it."""

    link: str
    title: str
    author: str
    mail_date: str
    iso_date: str
    post: str
    story: str


def feeds() -> dict[str, bytes]:
    """Shape -> the bytes a server would send: a bridge's RSS and Atom, a blog's RSS, RSS 1.0, and RSS in GBK."""
    return {
        "rss": _sized(_bridge).encode(),
        "atom": _sized(_atom).encode(),
        "blog": _sized(_blog).encode(),
        "rdf": _sized(_rdf).encode(),
        "gbk": _sized(_site, per_character=2).replace('"utf-8"', '"gbk"', 1).encode("gbk", "xmlcharrefreplace"),
    }


def _sized(shape: Callable[[list[Article]], str], per_character: int = 3) -> str:
    """The feed with as many sentences per entry as make it SIZE bytes."""
    plan = (shape([_article(index, sentences) for index in range(COUNT)]) for sentences in range(2, 120))
    return next(text for text in plan if _length(text, per_character) >= SIZE)


def _length(text: str, per_character: int) -> int:
    return sum(1 if character < "\x80" else per_character for character in text)


def _article(index: int, sentences: int) -> Article:
    at = START + timedelta(minutes=17 * index)
    link = f"https://paper.example/2026/04/{index:04d}.html?from=feed&column={pick(5, index, 'column', 9)}"
    said = [_sentence(index, number) for number in range(sentences)]
    return Article(
        link, f"{said[0]}：第{index}号读者来信", WHO[pick(5, index, "who", len(WHO))], format_datetime(at, usegmt=True),
        at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), _post(index, said), _story(index, said),
    )  # fmt: skip


def _post(index: int, said: list[str]) -> str:
    """The author, the words with a topic among them, three pictures, and the post it answers."""
    who = WHO[pick(5, index, "who", len(WHO))]
    link = f'<a href="https://post.example/u/{pick(5, index, "uid", 10**9)}" target="_blank">{who}</a>'
    topic = '<a href="https://post.example/t/青岚咖啡" target="_blank">#青岚咖啡#</a>'
    pictures = "".join(
        f'<img style="" src="https://img.post.example/large/{pick(5, index, f"img{number}", 10**12):032x}.jpg" '
        'referrerpolicy="no-referrer"><br><br>'
        for number in range(3)
    )
    half = len(said) // 2
    quoted = f"<blockquote> - 转发 {link}: {'，'.join(said[half:])}</blockquote>"
    return f"{link}: {topic} {'，'.join(said[:half])}<br><br>{pictures}{quoted}"


def _story(index: int, said: list[str]) -> str:
    """Paragraphs of four sentences, every other one with a stressed word, a picture on top and a link at the end."""
    paragraphs = ["。".join(said[at : at + 4]) + "。" for at in range(0, len(said), 4)]
    marked = [
        text.replace("青岚", "<strong>青岚</strong>", 1) if number % 2 else text
        for number, text in enumerate(paragraphs)
    ]
    picture = f'<p><img src="https://img.paper.example/{index}.jpg" alt="现场图" width="640"></p>\n'
    more = f'\n<p><a href="https://paper.example/{index}" target="_blank" rel="noopener">阅读全文</a></p>'
    return picture + "\n".join(f"<p>{text}</p>" for text in marked) + more


def _sentence(index: int, number: int) -> str:
    words = (OPENERS, DOING, FEELING)
    return "".join(group[pick(5, index, f"{number}:{len(group)}", len(group))] for group in words)


def _bridge(articles: list[Article]) -> str:
    items = "".join(
        f"<item><title>{one.author}: {one.title}</title><description>{html.escape(one.post)}</description>"
        f'<link>{html.escape(one.link)}</link><guid isPermaLink="false">{html.escape(one.link)}</guid>'
        f"<pubDate>{one.mail_date}</pubDate><author>{one.author}</author>"
        "<category>青岚咖啡</category><category>咖啡</category></item>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>'
        "<title>青岚咖啡</title><link>https://post.example/search</link>"
        '<atom:link href="https://bridge.example/post/keyword" rel="self" type="application/rss+xml"></atom:link>'
        "<description>关键词 - Powered by RSSHub</description><generator>RSSHub</generator><language>zh-cn</language>"
        f"<lastBuildDate>Mon, 06 Apr 2026 00:00:00 GMT</lastBuildDate><ttl>1</ttl>{items}</channel></rss>"
    )


def _atom(articles: list[Article]) -> str:
    entries = "".join(
        f'<entry><title>{one.title}</title><content type="html">{html.escape(one.post)}</content>'
        f'<link href="{html.escape(one.link)}"/><id>{html.escape(one.link)}</id><published>{one.iso_date}</published>'
        f"<updated>{one.iso_date}</updated><author><name>{one.author}</name></author>"
        '<category term="青岚咖啡"></category><category term="咖啡"></category></entry>'
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-cn">'
        '<title>青岚咖啡</title><link rel="alternate" href="https://post.example/search"/>'
        "<id>https://post.example/search</id><generator>RSSHub</generator>"
        f"<updated>2026-04-06T00:00:00.000Z</updated>{entries}</feed>"
    )


def _blog(articles: list[Article]) -> str:
    items = "\n".join(
        f"<item>\n\t<title>{one.title}</title>\n\t<link>{html.escape(one.link)}</link>\n"
        f"\t<comments>{html.escape(one.link)}#comments</comments>\n\t<dc:creator><![CDATA[{one.author}]]></dc:creator>\n"
        f"\t<pubDate>{one.mail_date}</pubDate>\n\t<category><![CDATA[食品]]></category>\n"
        "\t<category><![CDATA[咖啡]]></category>\n\t<category><![CDATA[门店]]></category>\n"
        f'\t<guid isPermaLink="false">{html.escape(one.link)}</guid>\n'
        f"\t<description><![CDATA[{one.title} [&#8230;]]]></description>\n"
        f"\t<content:encoded><![CDATA[{one.story}]]></content:encoded>\n"
        f"\t<wfw:commentRss>{html.escape(one.link)}</wfw:commentRss>\n\t<slash:comments>3</slash:comments>\n</item>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"\n'
        '\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        '\txmlns:wfw="http://wellformedweb.org/CommentAPI/"\n\txmlns:dc="http://purl.org/dc/elements/1.1/"\n'
        '\txmlns:atom="http://www.w3.org/2005/Atom"\n\txmlns:slash="http://purl.org/rss/1.0/modules/slash/">\n'
        "<channel>\n<title>咖啡日记</title>\n<link>https://paper.example</link>\n"
        '<atom:link href="https://paper.example/feed" rel="self" type="application/rss+xml" />\n'
        f"<language>zh-CN</language>\n{items}\n</channel></rss>\n"
    )


def _rdf(articles: list[Article]) -> str:
    contents = "".join(f'<rdf:li rdf:resource="{html.escape(one.link)}"/>' for one in articles)
    items = "\n".join(
        f'<item rdf:about="{html.escape(one.link)}">\n<title>{one.title}</title>\n'
        f"<link>{html.escape(one.link)}</link>\n<description>{html.escape(one.story)}</description>\n"
        f"<dc:creator>{one.author}</dc:creator>\n<dc:subject>食品</dc:subject>\n<dc:date>{one.iso_date}</dc:date>\n</item>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        '<channel rdf:about="https://paper.example/"><title>晚报</title><link>https://paper.example/</link>'
        f"<description>读者来信</description><items><rdf:Seq>{contents}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
    )


def _site(articles: list[Article]) -> str:
    items = "\n".join(
        f"<item>\n<title><![CDATA[{one.title}]]></title>\n<link>{html.escape(one.link)}</link>\n"
        f"<description><![CDATA[{one.story}]]></description>\n<author>{one.author}</author>\n"
        f"<category>食品</category>\n<guid>{html.escape(one.link)}</guid>\n<pubDate>{one.mail_date}</pubDate>\n"
        f"<source>晚报</source>\n<comments>{html.escape(one.link)}</comments>\n</item>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>\n<title>晚报</title>\n'
        "<link>https://paper.example/</link>\n<description>读者来信</description>\n<language>zh-cn</language>\n"
        f"{items}\n</channel></rss>\n"
    )
