"""Several layers at once in a real Krita: each selected one is painted, and gets a layer of its own above it."""

from __future__ import annotations

from pathlib import Path

LAB = Path(__file__).with_name("e2elab.py").read_text("utf-8")
TITLE = "Scumble: Style Transfer…"
WORDS = """
def select_both():
    model = next(v for v in QtWidgets.QApplication.allWidgets() if v.metaObject().className() == "NodeView")
    model.selectAll()

def chosen():
    return len(Krita.instance().activeWindow().activeView().selectedNodes())
"""


def test_each_selected_layer_is_painted(make_krita, engine_home):
    engine_home.start()
    krita = make_krita()
    krita.wait_seconds = 90.0
    krita.new_document(96, 64)
    krita.run(LAB + WORDS)
    krita.wait("adopt()")
    krita.run("""
        second = document.createNode('Second', 'paintlayer')
        for node, data in ((layers()[0], bytes([90, 60, 30, 255])), (second, bytes([20, 160, 90, 255]))):
            node.setPixelData(data * (96 * 64), 0, 0, 96, 64)
        document.rootNode().addChildNode(second, layers()[0])
        document.refreshProjection()
    """)
    krita.settle()
    krita.run("select_both()")
    krita.wait("chosen() == 2")
    krita.click_menu("Filter", TITLE)
    krita.wait("dialog() is not None and ' and 1 more' in dialog().parts.target.line.text")
    krita.click_widget("dialog().parts.form.editor('method').widget.buttons()[1]")
    krita.wait("dialog().recipe().value('method') == 'fast'")
    krita.click_widget("dialog().parts.ok")
    krita.wait("len(names()) == 4 and not studio.jobs", 90)
    krita.settle(1.0)
    found = krita.get("names()")
    assert found[1].startswith("The Starry Night") and found[2] == "Second" and found[3].startswith("The Starry Night")
