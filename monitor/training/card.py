"""The model card: what the weights were made of, how, and how well they do on authors they never saw."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from monitor.training.crisis_fit import BAND, FALSE_ALARMS, FOLDS, Fitted, Told
from monitor.training.figures import auc, calibration_error, recall_at
from monitor.training.logistic import Floats
from monitor.training.table_fit import CRISIS, POLARITY
from monitor.training.texts import Labelled, by_author

ORIGIN = {
    "zh_shop10": "SophonPlus/ChineseNlpCorpus, no licence stated",
    "zh_waimai": "SophonPlus/ChineseNlpCorpus, no licence stated",
    "zh_hotel": "SophonPlus/ChineseNlpCorpus, no licence stated",
    "zh_weibo2018": "dengxiuqi/weibo2018, no licence stated",
    "zh_ewect_usual": "SMP2020 EWECT contest, no licence stated",
    "zh_ewect_virus": "SMP2020 EWECT contest, no licence stated",
    "zh_covid_weibo7": "COVID-19-Weibo-data, no licence stated",
    "zh_nlpcc2013": "spianmo/MultiClassify_LSTM_ForChinese, MIT",
    "zh_weibo_senti_2400": "forever1986/bert_task, no licence stated",
    "zh_thucnews_titles": "649453932/Chinese-Text-Classification-Pytorch, MIT",
    "en_tweeteval_sentiment": "cardiffnlp/tweeteval, mixed",
    "en_airline": "CrowdFlower airline sentiment",
    "en_sanders": "zfz/twitter_corpus",
    "en_hutto_tweets": "cjhutto/vaderSentiment, MIT",
    "en_hutto_amazonReviewSnippets": "cjhutto/vaderSentiment, MIT",
}


def write(mood: Sequence[Labelled], told: Told, fitted: Fitted, version: str, at: datetime) -> str:
    """Markdown; the texts themselves are not in it, only a hash of them."""
    labels = told.labels
    return "\n".join(
        [
            f"# Model card: {version}",
            "",
            f"Made {at:%Y-%m-%d} by `./goldenhour train`. Two tables of hashed n-grams (hanzi, words, marks), a fusion",
            "with the risk words, and a table that names the kind of crisis. numpy alone at run time.",
            "",
            "Use: to put mentions of a brand in order of urgency for a duty officer. A person decides. It reads",
            "Chinese (simplified, traditional, some Cantonese) and English; the rest is noise to it. Irony and rumours",
            f"told calmly are its weak side; what lies between {BAND[0]} and {BAND[1]} goes to the triage queue.",
            "",
            f"- polarity: {_size(POLARITY.most)} n-grams of 1 to 3 units, int8, in 2^{POLARITY.bits} slots",
            f"- crisis: {_size(CRISIS.most)} n-grams of 1 to 3 units and pairs with a hole, in 2^{CRISIS.bits} slots",
            f"- cut-off {fitted.fusion.cutoff:.3f}: {FALSE_ALARMS:.0%} false alarms on unseen authors",
            "",
            "## Learned from",
            "",
            "| texts | number | origin |",
            "|---|---|---|",
            *(_origin(name, texts) for name, texts in by_author([*mood, *told.texts]).items()),
            "",
            f"sha256 of all texts with their labels: `{_digest([*mood, *told.texts])}`",
            "",
            f"## Crisis or not, by authors the model had not seen ({FOLDS} parts, split by author)",
            "",
            "| author | language | texts | crises | AUC | recall at 10 % false alarms | recall / false at cut-off |",
            "|---|---|---|---|---|---|---|",
            *_lines(told, fitted, labels),
            "",
            f"Calibration error (10 bins, unseen authors): {calibration_error(fitted.unseen, labels):.3f}",
            "",
        ]
    )


def _size(number: int) -> str:
    return f"at most {number:,}"


def _origin(name: str, texts: Sequence[Labelled]) -> str:
    # What teaches both mood and crisis is one text.
    number = len({one.text for one in texts})
    return f"| {name} | {number} | {ORIGIN.get(name, 'own work, fictional brands')} |"


def _lines(told: Told, fitted: Fitted, labels: Floats) -> list[str]:
    groups = [(author, [one.author == author for one in told.texts]) for author in by_author(told.texts)]
    groups += [(f"all {lang}", [one.lang == lang for one in told.texts]) for lang in ("zh", "en")]
    return [_line(name, np.array(chosen), told, fitted, labels) for name, chosen in groups]


def _line(name: str, chosen: Floats, told: Told, fitted: Fitted, labels: Floats) -> str:
    p, y = fitted.unseen[chosen], labels[chosen]
    lang = next((one.lang for one, taken in zip(told.texts, chosen, strict=True) if taken), "")
    said = p >= fitted.fusion.cutoff
    found = f"{said[y == 1].mean():.2f}" if y.any() else "-"
    false = f"{said[y == 0].mean():.3f}" if not y.all() else "-"
    both = y.any() and not y.all()
    area, recall = (f"{auc(p, y):.3f}", f"{recall_at(p, y, 0.10):.2f}") if both else ("-", "-")
    return f"| {name} | {lang} | {y.size} | {int(y.sum())} | {area} | {recall} | {found} / {false} |"


def _digest(texts: Sequence[Labelled]) -> str:
    made = hashlib.sha256()
    for one in texts:
        made.update(f"{one.crisis}\t{one.negative}\t{one.text}\n".encode("utf-8", "surrogatepass"))
    return made.hexdigest()
