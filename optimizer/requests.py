"""What is asked for beside an instance: cases by name, single changes, a file of cases, combinations of cases."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING

from models.changes import CaseChange, ChangeError, apply_changes, apply_edits, list_edits, parse
from models.changes.selection import list_first, match_names
from models.enforcement import policy_problems
from models.records.wording import suggest
from models.scenarios import scenario_problems
from optimizer.errors import InputError
from optimizer.files.case_file import read_cases
from optimizer.files.policies import find_policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from models.changes import AnyChange, AnyEdit
    from models.enforcement import EnforcedInstance
    from models.instance import Instance


@dataclass(frozen=True, slots=True)
class Requests:
    """What the command line asks for; nothing of it is read before an instance is there."""

    cases: tuple[str, ...] = ()
    """Names of cases, of the instance or of the file."""
    texts: tuple[str, ...] = ()
    """Single changes, made after the cases."""
    file: Path | None = None
    """A CSV of cases."""
    grid: tuple[str, ...] = ()
    """Lists of cases with commas, of which every combination is asked for."""
    policies: tuple[str, ...] = ()
    """Files of policies that hold as well."""
    sign: str = "--"
    """What stands before a change where it is asked for, and so in messages about it."""

    def apply_to(self, instance: Instance) -> EnforcedInstance:
        """Return an instance with everything made that is asked for, and its title saying so.

        Raises:
            InputError: with one line for everything that is wrong.
        """
        instance = self._with_policies(instance)
        known = self.list_cases(instance)
        names = self._names(known)
        single, faults = _parse_all(self.texts, self.sign)
        try:
            after = apply_changes(instance, [*(change for name in names for change in known[name]), *single])
        except ChangeError as error:
            raise InputError([*faults, *error.problems]) from None
        if faults:
            raise InputError(faults)
        _check_scenarios(after)
        named = [*((f"case {name}", known[name]) for name in names), *((change.text, [change]) for change in single)]
        told = list(_describe_changes(instance, named))
        said = "; ".join([*told[: len(names)], *(f"policy {file}" for file in self.policies), *told[len(names) :]])
        return after.model_copy(update={"title": f"{instance.title} (with {said})"}) if said else after

    def combine(self, instance: Instance) -> dict[str, EnforcedInstance]:
        """Return an instance with the changes of every combination of the grid, by its name; without a grid, of one.

        Raises:
            InputError: as above, or nothing is asked for.
        """
        if not (self.cases or self.texts or self.grid or self.file or self.policies):
            example = f"--case {next(iter(instance.cases))}" if instance.cases else "--cap CN=40%"
            msg = f"no change is asked for; add one, such as {example}"
            raise InputError([msg])
        if not self.grid:
            return {"": self.apply_to(instance)}
        instance = self._with_policies(instance)
        return {
            name: change_instance(instance, changes).model_copy(update={"title": f"{instance.title} (with {name})"})
            for name, changes in self.list_combinations(instance).items()
        }

    def list_combinations(self, instance: Instance) -> dict[str, list[AnyChange]]:
        """Return every combination of the grid by its name (``winter + no-russia``), each with all else that is asked.

        Without a grid there is one, without a name.

        Raises:
            InputError: as above.
        """
        known = self.list_cases(instance)
        lists = [_read_grid(said, known) for said in self.grid]
        named = self._names(known) if self.cases or not self.grid else ()
        before = [change for name in named for change in known[name]]
        after, faults = _parse_all(self.texts, self.sign)
        if faults:
            raise InputError(faults)
        return {
            " + ".join(names): [*before, *(change for name in names for change in known[name]), *after]
            for names in (tuple(dict.fromkeys(combination)) for combination in product(*lists))
        }

    def idle(self, instance: Instance) -> dict[str, list[str]]:
        """Return for every combination by its name where those of its changes stand without which it is the same.

        Raises:
            InputError: as above.
        """
        instance = self._with_policies(instance)
        found = {}
        for name, changes in self.list_combinations(instance).items():
            edits = [edit for change in changes for edit in list_edits(instance, change)]
            found[name] = [edits[number].origin for number in _find_idle(instance, edits)]
        return found

    def list_cases(self, instance: Instance) -> dict[str, list[AnyChange]]:
        """Return every case that can be named, of the instance and of the file.

        Raises:
            InputError: the file cannot be read, or names a case that the instance has too.
        """
        known: dict[str, list[AnyChange]] = {
            name: [CaseChange(name=name, text=f"case {name}", origin=f"--case {name}")] for name in instance.cases
        }
        found = read_cases(self.file) if self.file is not None else {}
        twice = [name for name in found if name in known]
        if twice and self.file is not None:
            msg = "is a case of the instance too; give it another name"
            raise InputError([f"{self.file.name}: {name!r} {msg}" for name in twice])
        return known | {name: list(changes) for name, changes in found.items()}

    def _with_policies(self, instance: Instance) -> Instance:
        """Return an instance with the policies of the files that are asked for."""
        if not self.policies:
            return instance
        own = tuple(find_policy(said, Path()) for said in self.policies)
        after = instance.model_copy(update={"policies": (*instance.policies, *own)})
        first = len(instance.policies)
        faults = [
            f"--policy {self.policies[n - first]}: {message}" for n, message in policy_problems(after) if n >= first
        ]
        if faults:
            raise InputError(faults)
        return after

    def _names(self, known: Mapping[str, Sequence[AnyChange]]) -> tuple[str, ...]:
        """Return the cases that are asked for; a file with a single one need not be asked twice."""
        faults = [f"--case {name}: {_describe_unknown(name, known)}" for name in self.cases if name not in known]
        if faults:
            raise InputError(faults)
        if self.cases or self.file is None:
            return self.cases
        of_file = [name for name, changes in known.items() if not isinstance(changes[0], CaseChange)]
        if len(of_file) > 1:
            msg = f"{self.file.name}: holds the cases {list_first(of_file)}; say which with --case NAME"
            raise InputError([msg])
        return tuple(of_file)


def change_instance(instance: Instance, changes: Iterable[AnyChange]) -> EnforcedInstance:
    """Return an instance with changes made, or raise InputError with one line for everything that is wrong."""
    try:
        after = apply_changes(instance, changes)
    except ChangeError as error:
        raise InputError(error.problems) from None
    _check_scenarios(after)
    return after


def _check_scenarios(after: EnforcedInstance) -> None:
    """Raise InputError where changes leave scenarios that cannot be worked out; nobody plans for them here."""
    problems = [f"with these changes, {problem.line}" for problem in scenario_problems(after, foreseeing=False)]
    if problems:
        raise InputError(problems)


def _describe_changes(instance: Instance, named: Sequence[tuple[str, Sequence[AnyChange]]]) -> Iterator[str]:
    """Yield the name of each of some lists of changes, made one after the other, and what of it changes nothing."""
    lists = [[edit for change in changes for edit in list_edits(instance, change)] for _, changes in named]
    idle = _find_idle(instance, list(chain.from_iterable(lists)))
    first = 0
    for (name, _), edits in zip(named, lists, strict=True):
        texts = [edit.text for number, edit in enumerate(edits, first) if number in idle]
        first += len(edits)
        if len(texts) == len(edits):
            yield f"{name}, which changes nothing"
        elif texts:
            yield f"{name}, of which {list_first(texts)} {'changes' if len(texts) == 1 else 'change'} nothing"
        else:
            yield name


def _find_idle(instance: Instance, edits: Sequence[AnyEdit]) -> list[int]:
    """Return the numbers of those edits that can be left out, all of them, and the instance is changed as it is now.

    Of two that say the same, and of two for the same figure, that is the first. One that others need is none of them.
    """
    made = apply_edits(instance, edits)
    kept = dict(enumerate(edits))
    idle = []
    for number in range(len(edits)):
        rest = {other: edit for other, edit in kept.items() if other != number}
        if made is not None and apply_edits(instance, list(rest.values())) == made:
            kept = rest
            idle.append(number)
    return idle


def _parse_all(texts: Iterable[str], sign: str) -> tuple[list[AnyChange], list[str]]:
    """Return what the flags say, and a line for each that says nothing."""
    changes: list[AnyChange] = []
    faults: list[str] = []
    for text in texts:
        try:
            changes.append(parse(text, f"{sign}{text}"))
        except ChangeError as error:
            faults += error.problems
    return changes, faults


def _read_grid(said: str, known: Mapping[str, object]) -> list[str]:
    """Return the cases that one list of a grid means, wildcards written out."""
    names: list[str] = []
    for pattern in filter(None, (part.strip() for part in said.split(","))):
        found = match_names(pattern, known)
        if not found:
            raise InputError([f"--grid {said}: {_describe_unknown(pattern, known)}"])
        names += found
    if not names:
        raise InputError([f"--grid {said}: names no case; write some with commas, such as --grid winter,summer"])
    return list(dict.fromkeys(names))


def _describe_unknown(name: str, known: Mapping[str, object]) -> str:
    there = (
        f"; there are {list_first(list(known))}" if known else "; add some under [cases], or name a file with --changes"
    )
    return f"{name!r} is no case{suggest(name, known) or there}"
