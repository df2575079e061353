"""Everything a server may send instead of a feed, status 200 or not: pages, walls, error answers, other files."""

import gzip
import json
import zlib

from store.nouns import Outcome
from tests.monitor.sources.hostile.case import HAN, Case, item, refused, rss

_HTML = "text/html; charset=utf-8"
_BAD, _WALL = Outcome.MALFORMED, Outcome.BLOCKED


def _page(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html lang='zh'><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def _hub(message: str) -> str:
    """The page of RSSHub for an error."""
    return _page("Welcome to RSSHub!", f"<div>Error Message:<br/><code class='mt-2'>Error: {message}</code></div>")


def _hub_json(message: str) -> str:
    return json.dumps({"error": {"message": message}}, ensure_ascii=False)


_EMPTY_ROUTE = "this route is empty, please check the original site or &lt;a&gt;create an issue&lt;/a&gt;"
_STALE = "Cookies expired. Please update WEIBO_COOKIES"
PAGES = (
    refused("an HTML error page", _page("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center>"), _BAD,
            served=_HTML),
    refused("an HTML error page called RSS", _page("出错了", "页面不存在"), _BAD, served="application/rss+xml"),
    refused("a not-found page with status 200", _page("404 - 页面去火星了", "<a href='/'>返回首页</a>"), _BAD,
            served=_HTML),
    refused("a login page with status 200", _page("登录 - 星河论坛", "<form><input type='password'></form>"), _WALL,
            served=_HTML),
    refused("a login page without saying so", _page("星河论坛", "<p>登录后查看更多内容</p><div>扫码登录</div>"), _WALL),
    refused("a login page in English", _page("Sign in", "<form><input type=password></form>"), _WALL, served=_HTML),
    refused("a login page in GBK", _page("用户登录", "<p>请先登录</p>", "<meta charset='gbk'>").encode("gbk"), _WALL),
    refused("a captcha with status 200", _page("安全验证", "<p>请完成下方验证后继续操作</p>"), _WALL, served=_HTML),
    refused("a sliding captcha", _page("提示", "<div id='nc'>请按住滑块，拖动到最右边</div>"), _WALL, served=_HTML),
    refused("a Cloudflare challenge", _page(
        "Just a moment...", "<script>window._cf_chl_opt={cvId:'3'}</script><script src='/cdn-cgi/challenge-platform/x'>"
        "</script>"), _WALL, served=_HTML),
    refused("a page that wants a human", _page("Attention Required!", "verify you are human"), _WALL, served=_HTML),
    refused("a page of XHTML", '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'
            "<head><title>维护中</title></head><body/></html>", _BAD),
    refused("a page in which a feed is shown", _page("What is RSS?", f"<pre>{rss(item('示例'))}</pre>"), _BAD,
            served=_HTML),
    refused("a page that names its feed", _page(
        "首页", HAN, "<link rel='alternate' type='application/rss+xml' href='/feed'>"), _BAD, served=_HTML),
    refused("a piece of a page", f"<div class='post'><h1>{HAN}</h1><p>正文</p></div>", _BAD),
    refused("a script", f"<script>location.href='https://a.example/';/* {rss()} */</script>", _BAD),
    refused("a page behind a comment", f"<!-- {rss(item('假'))} -->\n" + _page("首页", "x"), _BAD),
)  # fmt: skip
NOTHING = (
    refused("nothing", b"", _BAD),
    refused("blanks", b" \r\n\t \n", _BAD),
    refused("a mark and nothing", b"\xef\xbb\xbf", _BAD),
    refused("a mark and blanks", b"\xef\xbb\xbf \r\n ", _BAD),
    refused("a UTF-16 mark and nothing", b"\xff\xfe", _BAD),
    refused("one angle", b"<", _BAD),
    refused("an XML declaration alone", b'<?xml version="1.0" encoding="utf-8"?>', _BAD),
    refused("half a declaration", b"<?xml version=", _BAD),
    refused("a NUL", b"\x00", _BAD),
    refused("the word null", b"null", _BAD),
    refused("a feed in a comment only", f"<!-- {rss(item('假'))} -->", _BAD),
    Case("a channel without items", rss(), Outcome.EMPTY),
    Case("a channel whose items say nothing", rss(item(link="https://a.example/1"), item(more="<guid>7</guid>")),
         Outcome.EMPTY),
)  # fmt: skip
HUB = (
    Case("RSSHub has nothing, as a page", _hub(_EMPTY_ROUTE), Outcome.EMPTY, served=_HTML),
    Case("RSSHub has nothing, as JSON", _hub_json("Weibo keyword search returned no posts. Please retry later."),
         Outcome.EMPTY, served="application/json"),
    refused("RSSHub has stale cookies, as a page", _hub(_STALE), Outcome.AUTH_FAILED, served=_HTML),
    refused("RSSHub has stale cookies, as JSON", _hub_json(_STALE), Outcome.AUTH_FAILED),
    refused("RSSHub met a captcha", _hub_json("遇到源站风控校验，请稍后再试"), _WALL),
    refused("RSSHub cools down", _hub_json("Cooling down before new visitor Cookies from this IP may be requested"),
            _WALL),
    refused("RSSHub is throttled", _hub_json("FetchError: 429 Too Many Requests"), Outcome.RATE_LIMITED),
    refused("RSSHub fell over", _hub_json("Cannot read properties of undefined (reading 'map')"), Outcome.SERVER_ERROR),
)  # fmt: skip
_OPML = ('<?xml version="1.0"?><opml version="2.0"><head><title>订阅</title></head><body>'
         '<outline type="rss" text="论坛" xmlUrl="https://a.example/feed"/></body></opml>')  # fmt: skip
_SITEMAP = ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/1</loc>'
            "<lastmod>2026-11-22</lastmod></url></urlset>")  # fmt: skip
_SOAP = ('<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>'
         "<faultcode>soap:Server</faultcode></soap:Fault></soap:Body></soap:Envelope>")  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06" + bytes(200)
OTHER = (
    refused("gzip that nobody unpacked", gzip.compress(rss(item(HAN)).encode(), mtime=0), _BAD),
    refused("zlib that nobody unpacked", zlib.compress(rss(item(HAN)).encode()), _BAD),
    refused("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF", _BAD,
            served="application/pdf"),
    refused("a PNG", _PNG, _BAD, served="image/png"),
    refused("a ZIP", b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256)), _BAD),
    refused("an OPML", _OPML, _BAD),
    refused("a sitemap", _SITEMAP, _BAD),
    refused("a SOAP fault", _SOAP, _BAD),
    refused("an error of a store", "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>", _BAD),
    refused("an SVG", '<svg xmlns="http://www.w3.org/2000/svg"><title>logo</title></svg>', _BAD),
    refused("plain words", HAN, _BAD, served="text/plain"),
    refused("a line of PHP", "Fatal error: Uncaught PDOException: SQLSTATE[HY000] in feed.php:3", _BAD,
            served="text/html"),
    refused("YAML", "rss:\n  channel:\n    - title: x\n", _BAD),
    refused("a table", "id,title\n1,召回\n", _BAD, served="text/csv"),
    refused("JSON with padding", 'callback({"items":[]})', _BAD, served="application/javascript"),
)  # fmt: skip
CASES = (*PAGES, *NOTHING, *HUB, *OTHER)
