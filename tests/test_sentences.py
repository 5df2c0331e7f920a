"""Where sentences end, in the languages of the news."""

from __future__ import annotations

import time

import pytest

from builder.body.sentences import GAP, Sentences, split

#: Sentences by language; a run of them has to be cut into these.
SENTENCES = {
    "en": [
        "Trade grew by 3.5 percent.",
        "The agency, www.Example.com, said so.",
        "The line carried 5 mln. tonnes a year.",
        "It took approx. 20 years, incl. Two for the bridge.",
        "See Ch. 5 and Figs. 3 and 4.",
        "The Govt. Gazette printed it.",
        "Gen. Smith met Dr. Jones of the U.S. on Jan. 5.",
        "(It opened in 2021.)",
        "[The text was shortened.]",
        "They met (in Baku) again.",
        "President (since 2018) Armen Sarkissian came.",
        "He met the minister (since 2021) Ararat Mirzoyan under the law (Annex B) Iran signed.",
        "Prices rose by < 5 percent.",
        "Those of oil [and gas] fell by > 3 percent.",
        "“Did we win?” asked the minister.",
        "Talks began ... then ended.",
        "It opened in 2021.",
        "Who paid?",
        "No.",
        "No. 5 of the trains left.",
    ],
    "de": [
        "Der 3. Präsident kam im 19. Jahrhundert.",
        "König Ludwig II. Baute es.",
        "Etwa 5 Mio. Euro und 3 Mrd. Dollar flossen.",
        "Am 5. Januar kam z. B. Herr Dr. Müller.",
        "Es geschah 2021.",
        "Der Minister (seit 2019) Müller sprach über Öl.",
        "Dazu kam (Punkt 7) Handel und (Anhang II) Zoll.",
        "Dann ging er.",
    ],
    "fr": [
        "M. Martin vint le 5 janv. 2021.",
        "Ils étaient sept.",
        "No. 5 est parti.",
        "Voir Chap. 5.",
        "Elle partit.",
    ],
    "ru": ["Добыто 5 млн. тонн нефти.", "См. Рис. 5.", "В 2021 г. Баку строил."],
    "tr": ["5. Zirve Bakü'de toplandı.", "II. Abdülhamid geldi.", "Sonra 2021 bitti."],
    "pl": ["Wydano 5 mln. Złotych.", "3. Runda trwa."],
    "es": ["El Sr. Pérez vino en la pág. 5.", "¿Vino?", "Sí."],
    "it": ["Vedi pag. 5 del Sig. Rossi.", "Fine."],
    "fa": [
        "رشد ۳.۵ درصد بود.",
        "دکتر. احمدی آمد.",
        "شعر م. امید را خواند.",
        "ج.ا. ایران پذیرفت.",
        "این در سال ۲۰۲۱ م.",
        "او رفت؟",
        "بله.",
    ],
    "ar": [
        "قال د. علي نعم.",
        "التقى أ.د. خالد (م. سعيد) هناك.",
        "ثم ذهب؟",
        "لا.",
    ],
    "ka": ["ხიდი გაიხსნა 2021 წელს.", "შემდეგ ისინი წავიდნენ.", "ვინ გადაიხადა?", "არავინ."],
    "zh": ["他来了。", "她走了！"],
    "ja": ["彼は「計画。」と言った。", "「行く。」", "鉄道は2021年に開通した。"],
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_text_is_cut_into_its_sentences(language):
    between = "" if language in ("zh", "ja") else " "
    sentences = SENTENCES[language]
    for text in (sentences, sentences[::-1]):
        whole = between.join(text)
        assert [whole[start:end] for start, end in split(whole, language)] == list(text)


@pytest.mark.parametrize("language", SENTENCES)
def test_the_sentence_around_a_word_is_one_of_those_that_a_text_is_cut_into(language):
    between = "" if language in ("zh", "ja") else " "
    whole = between.join(SENTENCES[language])
    sentences = Sentences(f"{whole}{GAP}{whole}", language)
    for start, end in split(whole, language):
        assert sentences.around(start, start + 1) == (start, end)
        assert sentences.around(end - 2, end) == (start, end)


def test_the_countries_of_a_long_number_belong_to_the_sentence():
    text = "The line grew ۳.۵ percent in Iran."
    assert split(text, "fa") == [(0, len(text))]


@pytest.mark.parametrize(
    "text",
    ["Words of Iran are here. ", f"{'Words ' * 1000}end.{GAP}" + f"Words of Iran.{GAP}" * 400],
    ids=["one long text", "many texts beside long ones"],
)
def test_the_sentences_around_many_stretches_are_found_in_linear_time(text):
    def taken(times):
        whole = (text * times).strip()
        starts = [place for place in range(len(whole)) if whole.startswith("Iran", place)]
        began = time.process_time()
        sentences = Sentences(whole, "en")
        for start in starts:
            begin, end = sentences.around(start, start + 4)
            assert whole[begin:end].startswith("Words of Iran")
        return time.process_time() - began

    times = 40_000 // text.count("Iran")
    # Of several runs the quickest: a busy machine makes single ones slow.
    quickest = min(taken(times) for _ in range(3))
    assert quickest < 15 * max(taken(times // 10), 0.02)
