"""What the book needs beyond Jupyter Book: a Sphinx extension.

It reads _toc.yml at the top, keys the execution cache by the package, turns blockquotes
into boxes, serves MathJax from the book itself, and hides links that have no address.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import mathjax
import yaml
from docutils import nodes
from myst_nb.core import render
from myst_nb.core.utils import coalesce_streams
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parents[2]
ANCHOR = re.compile(r'<a id="([\w-]+)"></a>')  # above the target of a link in a notebook
SOLUTION = "# @title Solution\n"  # Colab shows it in place of the code
BOXES = {
    "Note": "note",
    "Question": "note",
    "Recap": "recap",
    "Careful": "careful",
    "Learning goals": "goals",
    "Prerequisites": "goals",
    "Definition": "definition",
    "Lemma": "lemma",
    "Theorem": "lemma",
    "Proposition": "lemma",
    "Proof": "proof",
    "Exercise": "exercise",
}
WORDS: dict[str, str] = {}  # those of another language, each with the English word of BOXES
SHOW_SOLUTION, HIDE_SOLUTION = "Show the solution", "Hide the solution"


def repository() -> tuple[str, str]:
    """The address of the repository ("" if there is none) and its branch.

    The variables INFOGAN_REPOSITORY and INFOGAN_BRANCH win over _config.yml.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))["repository"]
    url = os.environ.get("INFOGAN_REPOSITORY", config["url"])
    branch = os.environ.get("INFOGAN_BRANCH") or config["branch"]
    return url.strip().rstrip("/").removesuffix(".git"), branch


def package_source() -> str:
    """What pip installs where the package is missing; "" without an address."""
    url, branch = repository()
    return f"infogan_lite @ git+{url}@{branch}" if url else ""


def refuse_stale_cells() -> None:
    """The links of a book with an address lead to chapters that install from there."""
    source = package_source()
    folders = ("book", "ko") if source else ()  # both, as a link leads from each to the other
    chapters = [path for folder in folders for path in sorted((ROOT / folder).glob("*.ipynb"))]
    stamped = f'\\"{source}\\"'  # as JSON writes it
    stale = [path for path in chapters if stamped not in path.read_text(encoding="utf8")]
    if stale:  # before the chapters run for ten minutes
        names = ", ".join(path.relative_to(ROOT).as_posix() for path in stale)
        sys.exit(f"error: the first cells do not install {source} (run: make stamp): {names}")


def unknown_branch() -> str:
    """A note on a branch or tag that git does not know, else "".

    It is no error, and no warning, which -W makes an error: a release's tag comes after its tests.
    """
    url, branch = repository()
    if not (url and (ROOT / ".git").exists() and shutil.which("git")):
        return ""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, encoding="utf8")
        return done.stdout.strip()

    if git("rev-parse", "--is-shallow-repository") != "false":
        return ""  # CI clones no branch but its own
    known = git("rev-parse", "--verify", "--quiet", f"{branch}^{{commit}}")
    if known or git("for-each-ref", f"refs/remotes/*/{branch}"):
        return ""
    return (
        f"note: git knows no branch or tag {branch} here, which links and first cells lead to: "
        "push it, or correct repository.branch in _config.yml"
    )


def execution_key() -> str:
    """A hash of all that the outputs depend on, apart from the notebooks' own cells."""
    digest = hashlib.sha256(os.environ.get("INFOGAN_MAX_STEPS", "").encode())
    for path in sorted((ROOT / "infogan_lite").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def configure(app, config) -> None:
    if Path(app.srcdir) == ROOT:  # an error would be followed by a traceback of jupyter-book
        sys.exit("error: the pages are in the folder book: jupyter-book build book")
    if Path(app.srcdir) == ROOT / "book":  # ko/ has a table of its own
        config.external_toc_path = str(ROOT / "_toc.yml")
    korean = config.language == "ko"  # its pages lie in the folder of the English ones
    pages = Path(app.outdir).parent if korean else Path(app.outdir)
    cache = pages.parent / ".jupyter_cache" / execution_key()  # one for both: the same code
    cache.mkdir(parents=True, exist_ok=True)
    config.nb_execution_cache_path = str(cache)
    config.mathjax_path = "mathjax/tex-svg.js"

    refuse_stale_cells()
    if note := unknown_branch():
        print(note, file=sys.stderr)
    url, branch = repository()
    config.html_theme_options.update(repository_url=url, repository_branch=branch)
    if url:
        config.html_theme_options.update(use_repository_button=True, use_issues_button=True)
    else:
        config.html_theme_options["launch_buttons"] = {}


def english(title: str) -> str:
    """A box's title with the English word in place of that of another language."""
    word = next((w for w in WORDS if re.match(rf"{w}\b", title)), "")
    return WORDS.get(word, "") + title.removeprefix(word)


def box_slug(title: str) -> str:
    """The anchor of a box: exercise-1 for "Exercise 1"."""
    words = re.sub(r"\(.*", "", english(title)).lower()
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


def box_slugs(text: str) -> list[str]:
    """The anchors of the boxes in the Markdown of an English page."""
    titles = re.findall(r"^> \*\*(?:Exercise|Lemma|Definition)\b.*?\*\*", text, re.MULTILINE)
    return [box_slug(title.strip("> *.:")) for title in titles]


class Boxes(SphinxTransform):
    """Blockquotes that begin with **Lemma 5.1.** and the like become boxes.

    In the notebooks they stay plain Markdown, which Colab and GitHub show well.
    """

    default_priority = 400  # before MyST resolves links to #exercise-1

    def apply(self, **kwargs) -> None:
        for quote in list(self.document.findall(nodes.block_quote)):
            first = quote[0] if quote.children else None
            if not isinstance(first, nodes.paragraph):
                continue
            words = [child for child in first if child.astext()]  # MyST leaves empty texts
            if not words or not isinstance(words[0], nodes.strong):
                continue
            title = words[0].astext().strip().rstrip(".:")
            kind = next((k for k in BOXES if re.match(rf"{k}\b", english(title))), None)
            if kind:
                quote.replace_self(self.box(quote, first, words, BOXES[kind]))

    def box(self, quote, first, words, style) -> nodes.admonition:
        """The bold word becomes the title, the rest of its paragraph goes on below."""
        head, rest = words[0], words[1:]
        if isinstance(head[-1], nodes.Text):
            head[-1] = nodes.Text(head[-1].rstrip(".: "))
        if rest and isinstance(rest[0], nodes.Text):
            rest[0] = nodes.Text(rest[0].lstrip())
        first.clear()
        first.extend(rest)
        heading = nodes.title("", "", *head.children)
        body = quote.children if rest else quote.children[1:]
        box = nodes.admonition("", heading, *body, classes=["box", f"box-{style}"])
        box.source, box.line = quote.source, quote.line
        if style in ("exercise", "lemma", "definition"):
            self.name(box, heading.astext())
        return box

    def name(self, box: nodes.admonition, title: str) -> None:
        """An id, so that `#exercise-1` and `page.ipynb#exercise-1` are links to the box."""
        slug = box_slug(title)
        slugs = getattr(self.document, "myst_slugs", {})
        if slug not in self.document.nameids and slug not in slugs:
            box["names"].append(slug)
            self.document.note_explicit_target(box)
            slugs[slug] = (box.line, slug, title)


class JupyterAnchors(SphinxTransform):
    """`<a id="exercise-1"></a>`, for JupyterLab and GitHub: the page names its targets itself."""

    default_priority = 401

    def apply(self, **kwargs) -> None:
        for paragraph in list(self.document.findall(nodes.paragraph)):
            tags = all(isinstance(part, nodes.raw) for part in paragraph)
            if tags and ANCHOR.fullmatch(paragraph.astext()):
                paragraph.parent.remove(paragraph)


class Cells(SphinxTransform):
    """Two kinds of cells look different on the page than in a notebook.

    The cell that installs the package on Colab says nothing here: it is dropped.  A hidden
    solution is called so.
    """

    default_priority = 401

    def apply(self, **kwargs) -> None:
        for cell in list(self.document.findall(nodes.container)):
            if "tag_colab-setup" in cell["classes"]:
                cell.parent.remove(cell)
            elif "tag_hide-cell" in cell["classes"] and cell.astext().startswith(SOLUTION):
                cell["prompt_show"], cell["prompt_hide"] = SHOW_SOLUTION, HIDE_SOLUTION
                code = next(iter(cell.findall(nodes.literal_block)))
                text = code.astext().removeprefix(SOLUTION).lstrip()
                code.replace_self(nodes.literal_block(text, text, **code.attributes))


def tidy_page(app, pagename, templatename, context, doctree) -> None:
    """Without Thebe, which asks another host and which no page uses; better roles."""

    def wanted(file) -> bool:
        text = f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}"
        return "thebe" not in text.lower()

    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if wanted(file)]
    if "body" in context:  # its children are no list items: screen readers stumble
        context["body"] = context["body"].replace('role="list" class="cit', 'class="cit')


def copy_mathjax(app, error) -> None:
    if error or app.builder.format != "html":
        return
    source = Path(mathjax.__file__).parent / "static/mathjax/es5"
    target = Path(app.outdir) / "_static/mathjax"
    (target / "input/tex").mkdir(parents=True, exist_ok=True)
    shutil.copy2(source / "tex-svg.js", target)
    shutil.copytree(  # loaded one by one, when a formula needs them
        source / "input/tex/extensions", target / "input/tex/extensions", dirs_exist_ok=True
    )
    for unused in ("sphinx-thebe.js", "sphinx-thebe.css"):
        (Path(app.outdir) / "_static" / unused).unlink(missing_ok=True)


def hide_colon(app, what, name, obj, options, lines) -> None:
    """Napoleon takes "Words: more words" in a property's docstring for a type."""
    if what in ("property", "attribute") and lines:
        lines[0] = lines[0].replace(": ", "\0 ")


def show_colon(app, what, name, obj, options, lines) -> None:
    lines[:] = [line.replace("\0 ", ": ") for line in lines]


def joined(outputs: list) -> list:
    """Printed pieces as MyST-NB's ``nb_merge_streams`` joins them, but without breaking lines.

    A kernel sends what is printed in pieces, now and then in the middle of a line, and MyST-NB
    ends each piece with a new line.
    """
    whole: dict[str, dict] = {}
    found = []
    for output in deepcopy(outputs):
        name = output.get("name") if output["output_type"] == "stream" else None
        if name in whole:
            whole[name]["text"] += output["text"]
            continue
        found.append(output)
        if name:
            whole[name] = output
    return coalesce_streams(found)


def setup(app) -> dict:
    render.coalesce_streams = joined
    # The package beside the book, whether installed or not: here, and for the kernels
    sys.path.insert(0, str(ROOT))
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    )
    os.environ["INFOGAN_QUIET"] = "1"
    os.environ.pop("MPLBACKEND", None)  # the kernel's own: figures inside the page
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")

    app.connect("config-inited", configure, priority=850)  # sphinx_external_toc reads at 900
    app.add_transform(Boxes)
    app.add_transform(JupyterAnchors)
    app.add_transform(Cells)
    app.connect("autodoc-process-docstring", hide_colon, priority=100)
    app.connect("autodoc-process-docstring", show_colon, priority=900)
    app.connect("html-page-context", tidy_page, priority=900)
    app.connect("build-finished", copy_mathjax)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
