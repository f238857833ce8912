"""The plan of the message (guide v5.03, section 3.4) as functions that write it: one for the batch, and one for each
group that repeats.

An element is written if something is said in it. A function appends what it writes to the list `out` in one pass: the
constants around a lone value together with it, those around several before anyone knows whether one of them is said,
to be taken back if none was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared.icsr.e2b.plan import Node, Repeat, Slot, message_plan
from shared.icsr.e2b.source import Code, Function, Source, Text, literal

Write = Callable[[list[str], object, tuple[str, ...], object], None]
_ARGUMENTS = "out, r, ids, known"  # the list, the record, the ids on the node, and the ids of the message
_TIME_PARTS = ("period", "low", "width", "high")


def writer_of(names: dict[str, Any]) -> Write:
    """Return the function that writes a batch; `names` is what it calls."""
    source = Source(names)
    return source.compiled(_function(source, message_plan()), "the plan as a writer")


def _function(source: Source, node: Node) -> str:
    function = source.function(node.name, _ARGUMENTS)
    function.line("add = out.append")
    _Writing(source, function).element(node, (), ())
    return source.add(function)


def _constant(node: Node) -> str:
    inner = "".join(_constant(child) for child in node.children)
    return f"{node.opening}>{inner}{node.inside}{node.closing}" if inner else f"{node.opening}/>"


def _always(node: Node) -> Text:
    """What is the same in every message but for ids: no reason to write what is around it."""
    if node.fixed:
        return (_constant(node),)
    if node.identity is not None:
        return (node.opening, Code(f"identity(ids[{node.identity}])"), "/>")
    inner = tuple(piece for child in node.children for piece in _always(child))
    return (f"{node.opening}>", *inner, f"{node.inside}{node.closing}")


def _is_quiet(node: Node) -> bool:
    return node.fixed or node.reference or node.identity is not None


def _is_demanded(node: Node) -> bool:
    """Whether it is written in any case; what the schema only wants beside something is the parent's to write."""
    return node.demanded and not node.completing


def _equal(attribute: str, *value: str) -> Text:
    return (f' {attribute}="', *value, '"')


def _null(value: str, scheme: str) -> Text:
    # Which of a person's telecoms is withheld can only be told by its scheme.
    return (f' value="{scheme}"' if scheme else "", ' nullFlavor="', Code(f"{value}._value_"), '"')


class _Writing:
    """The lines of one function; `before` and `after` are written with an element if, and only if, it is."""

    def __init__(self, source: Source, function: Function) -> None:
        self._source = source
        self._function = function
        self._line, self._under = function.line, function.under

    def node(self, node: Node, before: Text, after: Text) -> None:
        """Write a node of any kind; one that repeats has nothing around it."""
        if node.repeat:
            self._members(node, node.repeat)
        else:
            self.element(node, before, after)

    def element(self, node: Node, before: Text, after: Text) -> None:
        """Write the element itself."""
        if node.attachment:
            self._attachment(node, node.attachment, before, after)
        elif node.is_time:
            self._time(node, before, after)
        elif node.slots and node.children:
            self._around(node, before, after)
        elif node.slots:
            self._value(node, before, after, "add({})")
        else:
            self._structure(node, before, after)

    def _members(self, node: Node, repeat: Repeat) -> None:
        write = _function(self._source, node)
        if repeat.joined:
            self._joined(write, repeat, 0, "r")
            return
        [path], [group] = repeat.paths, repeat.groups
        members = ".".join(("r", *path))
        if group.key:
            with self._under(f"for each, own in zip({members}, known.{path[-1]}):"):
                self._line(f"{write}(out, each, (own,), known)")
        else:
            with self._under(f"for each in {members}:"):
                self._line(f"{write}(out, each, ids, {'Ids(each)' if group.names_ids else 'known'})")

    def _joined(self, write: str, repeat: Repeat, level: int, record: str) -> None:
        """What is said in several groups at once: a loop in a loop, down to the record that says it."""
        if level == len(repeat.paths):
            ids = "".join(f"{self._key(repeat, key.down - 1, key.field)}, " for key in repeat.keys)
            self._line(f"{write}(out, {record}, ({ids}), known)")
            return
        path, group = repeat.paths[level], repeat.groups[level]
        members = ".".join((record, *path))
        if group.key:
            head = f"for each{level}, own{level} in zip({members}, known.{path[-1]}):"
        else:
            head = f"for each{level} in {f'known.in_order({members})' if group.by else members}:"
        with self._under(head):
            self._joined(write, repeat, level + 1, f"each{level}")

    def _key(self, repeat: Repeat, level: int, field: str) -> str:
        return f"own{level}" if repeat.groups[level].key else f"str(each{level}.{field})"

    def _structure(self, node: Node, before: Text, after: Text) -> None:
        """An element without values of its own; most are only on the way to one."""
        start, end = (*before, f"{node.opening}>"), (f"{node.inside}{node.closing}", *after)
        told = [child for child in node.children if not _is_quiet(child)]
        if len(told) == 1 and not (told[0].repeat or told[0].completing or told[0].step.position > 1):
            at = node.children.index(told[0])
            leading = tuple(piece for child in node.children[:at] for piece in _always(child))
            trailing = tuple(piece for child in node.children[at + 1 :] for piece in _always(child))
            self.node(told[0], (*start, *leading), (*trailing, *end))
            return
        begun, quiet = self._function.variable(), self._function.variable()
        self._line(f"{begun} = len(out)")
        waiting = self._children(node, start, quiet)
        with self._under(f"if len(out) > {quiet}:"):
            self._line(f"add({literal((*waiting, *end))})")
        with self._under("else:"):
            self._line(f"del out[{begun}:]")

    def _children(self, node: Node, waiting: Text, quiet: str) -> Text:
        """Write the children, behind what is waiting; return what is then waiting to be written behind them.

        `quiet` is how long the list is if none of them says anything.
        """
        self._line(f"{quiet} = len(out)")
        begun = ""
        for child, following in zip(node.children, (*node.children[1:], None), strict=True):
            if _is_quiet(child):
                waiting, begun = (*waiting, *_always(child)), ""
                continue
            if waiting:
                self._quietly(waiting, quiet)
                waiting = ()
            last, begun = begun, self._function.variable()
            if child.completing or (following and following.step.position > 1):
                self._line(f"{begun} = len(out)")
            self._child(child, last)
            if child.completing:
                with self._under(f"if len(out) == {begun}:"):
                    self._quietly((f"{child.opening}/>",), quiet)
        return waiting

    def _quietly(self, text: Text, quiet: str) -> None:
        """Write what does not count as said."""
        self._line(f"add({literal(text)})")
        self._line(f"{quiet} += 1")

    def _child(self, child: Node, last: str) -> None:
        """Write a child; if it is the second of its name and there is no first, an empty one keeps its position."""
        if child.step.position == 1:
            self.node(child, (), ())
            return
        with self._under(f"if len(out) == {last}:"):
            self.node(child, (f"<{child.name}/>",), ())
        with self._under("else:"):
            self.node(child, (), ())

    def _value(self, node: Node, before: Text, after: Text, sink: str) -> None:
        """An element that has values and nothing below it."""
        [slot, *more] = node.slots
        if more or _is_demanded(node) or (slot.system and slot.system.open):
            self._values(node, before, after, sink)
            return
        value, scheme = self._taken(slot), node.step.scheme
        with self._under(f"if {value} is not None:"):
            with self._under(f"if {value}.__class__ is Null:"):
                self._line(sink.format(literal((*before, node.opening_null, *_null(value, scheme), "/>", *after))))
            with self._under("else:"):
                if slot.attribute:
                    said = self._attribute(node, slot, value)
                    self._line(sink.format(literal((*before, node.opening, *said, "/>", *after))))
                else:
                    self._text_alone(node, value, before, after, sink)

    def _text_alone(self, node: Node, value: str, before: Text, after: Text, sink: str) -> None:
        self._line(f"{value} = texted({value})")
        whole = (*before, f"{node.opening}>", Code(value), node.closing, *after)
        bare = literal((*before, f"{node.opening}/>", *after))
        self._line(sink.format(f"{literal(whole)} if {value} else {bare}"))

    def _values(self, node: Node, before: Text, after: Text, sink: str) -> None:
        """The same, with several values, with a list of its own, or said whether or not there is a value."""
        taken = [self._taken(slot) for slot in node.slots]
        said = " or ".join(f"{each} is not None" for each in taken)
        with self._under(f"if {'True' if _is_demanded(node) else said}:"):
            start = self._start(node, taken)
            text = Code("text")
            end = (*before, *start, ">", text, node.closing, *after)
            bare = literal((*before, *start, "/>", *after))
            has_text = any(not slot.attribute for slot in node.slots)
            self._line(sink.format(f"{literal(end)} if text else {bare}" if has_text else bare))

    def _around(self, node: Node, before: Text, after: Text) -> None:
        """An element with values, and with others below it: the start tag is put when both are known."""
        taken = [self._taken(slot) for slot in node.slots]
        begun, quiet = self._function.variable(), self._function.variable()
        self._line(f"{begun} = len(out)")
        self._line("add('')")
        waiting = self._children(node, (), quiet)
        start = (*before, *self._start(node, taken))
        end = (f"{node.inside}{node.closing}", *after)
        constants = "".join(_constant(child) for child in node.children if child.fixed)
        with self._under(f"if len(out) > {quiet}:"):
            self._line(f"out[{begun}] = {literal((*start, '>', Code('text')))}")
            self._line(f"add({literal((*waiting, *end))})")
        said = " or ".join(f"{each} is not None" for each in taken)
        with self._under(f"elif {'True' if _is_demanded(node) else said}:"):
            whole = (*start, ">", Code("text"), constants, *(end if constants else (node.closing, *after)))
            bare = literal((*start, "/>", *after))
            self._line(f"out[{begun}:] = [{literal(whole)}{'' if constants else f' if text else {bare}'}]")
        with self._under("else:"):
            self._line(f"del out[{begun}:]")

    def _start(self, node: Node, taken: list[str]) -> Text:
        """The start tag without its end, from the values that are said; their text is then in `text`."""
        self._line(f"start, listed, said, text = {node.opening!r}, '', '', ''")
        for slot, value in zip(node.slots, taken, strict=True):
            with self._under(f"if {value}.__class__ is Null:"):
                self._line(f"start = {node.opening_null!r}")
                self._line(f"said += {literal(_null(value, node.step.scheme))}")
            with self._under(f"elif {value} is not None:"):
                self._said(node, slot, value)
        return (Code("start"), Code("listed"), Code("said"))

    def _said(self, node: Node, slot: Slot, value: str) -> None:
        if not slot.attribute:
            self._line(f"text = texted({value})")
        elif slot.system and slot.system.open:
            self._line(f"listed = system({value}, {slot.system.root!r}) or listed")
            self._line(f"{value} = quoted({value})")
            with self._under(f"if {value} or not listed:"):
                self._line(f"said += {literal(_equal(slot.attribute, Code(value)))}")
        else:
            self._line(f"said += {literal(self._attribute(node, slot, value))}")

    def _attribute(self, node: Node, slot: Slot, value: str) -> Text:
        return _equal(slot.attribute, node.step.scheme, Code(f"quoted({value})"))

    def _taken(self, slot: Slot) -> str:
        value = self._function.variable()
        self._line(f"{value} = {self._function.holder('r', slot.path[:-1])}.{slot.path[-1]}")
        return value

    def _attachment(self, node: Node, slot: Slot, before: Text, after: Text) -> None:
        value = self._taken(slot)
        opening, closing = literal((*before, node.opening)), literal((node.closing, *after))
        with self._under(f"if {value} is not None:"):
            self._line(f"out += attachment({opening}, {closing}, {literal(after)}, {value})")

    def _time(self, node: Node, before: Text, after: Text) -> None:
        parts = dict.fromkeys(_TIME_PARTS, "''")
        for child in node.children:
            parts[child.name] = part = self._function.variable()
            self._line(f"{part} = ''")
            self._value(child, (), (), f"{part} = {{}}")
        around = [self._source.named(each) for each in (node.opening, node.outside, node.closing)]
        with self._under(f"if {' or '.join(part for part in parts.values() if part != repr(''))}:"):
            whole = self._function.variable()
            self._line(f"{whole} = spelled({', '.join([*around, *parts.values()])})")
            self._line(f"add({literal((*before, Code(whole), *after))})")
