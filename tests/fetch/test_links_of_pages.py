"""A page of the publisher is read as a browser reads it, and never executed."""

from __future__ import annotations

from analysis.fetch.pages import links


def test_links_come_in_their_order_and_each_once():
    page = '<a href="b.csv">b</a><p><a href="a&amp;.csv">a</a><a href="b.csv">b</a><a name="c">c</a><a href=" ">d</a>'
    assert links(page) == ["b.csv", "a&.csv"]


def test_what_a_browser_takes_for_no_link_is_none():
    page = (
        '<script>"<a href=s.csv>"</script><!-- <a href=c.csv> --><title><a href=t.csv></title><a href=x.csv href=y.csv>'
    )
    assert links(page) == ["x.csv"]


def test_any_text_can_be_read():
    assert links("") == []
    assert links("\ud800<a href=x.csv>\x00") == ["x.csv"]
    assert links("<div>" * 50_000 + "<a href=deep.csv>") == ["deep.csv"]
