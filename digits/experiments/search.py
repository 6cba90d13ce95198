"""The recipe's numbers, searched: python -m digits.experiments.search FILE.journal --minutes 240 --strokes ...

Each trial is a short training by a recipe of other numbers, measured after every epoch on validation data alone, and
given up where it does worse than most (pruned). Optuna proposes the numbers and keeps all trials in the journal: the
same command goes on with it, and several at once share it.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from digits import UserError, command_line, quiet
from digits.data import mnist
from digits.evaluation import charts
from digits.experiments import space, trials
from digits.files import guards, writing
from digits.recipe import DEFAULT
from digits.training import checkpoint

SUFFIX = ".journal"
_CONFIRMED = 3  # of the best trials
_AS_IT_IS = "as it is"


def score(figures: dict[str, float]) -> float:
    """Return what a search makes as small as it can, in percent, of the figures of `trials.measuring`.

    The mean of the errors on MNIST's validation images and on drawn digits, and a tenth of what is accepted of other
    things where 95 % of the drawn digits are: people come with digits, and with a letter now and then.
    """
    errors = [100 - figures[name] for name in (trials.MNIST, trials.DRAWN)]
    return sum(errors) / 2 + 100 * figures[trials.FPR95] / 10


@command_line.exit_code
def main() -> None:
    """Search, confirm the best and show what was found."""
    args = parse_arguments()
    images = mnist.load(args.mnist)
    taught, apart = trials.gather(args.strokes, args.not_digits)
    study = open_study(args.journal, f"{args.epochs} epochs, {_fingerprint(taught, apart, images)}")
    quiet.load_tensorflow()
    measured = _measured(taught, apart, images)
    search(study, args.epochs, measured, until(args))
    chosen = best(study)
    confirmed = confirm(study, chosen, args.epochs, args.seeds, measured)
    show(study, chosen, confirmed, args.journal.with_suffix(".png"))


def parse_arguments(argv=None) -> argparse.Namespace:
    """Return the arguments; a wrong one ends the program with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.experiments.search",
        description="Search the recipe's numbers; a picture of what mattered is put beside the journal.",
    )
    parser.add_argument("journal", type=_journal, help=f"the file that keeps the trials, such as recipe{SUFFIX}")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=command_line.positive, help="how long new trials are begun")
    length.add_argument("--trials", type=command_line.positive, help="how many there are to be in the journal")
    trials.add_data(parser, required=True)
    for option, default, words in (("--epochs", 3, "length of each trial"), ("--seeds", 3, "runs to confirm the best")):
        parser.add_argument(option, type=command_line.positive, default=default, help=f"{words} (default: %(default)s)")
    return parser.parse_args(argv)


def _journal(text):
    if (path := Path(text)).suffix != SUFFIX:
        raise argparse.ArgumentTypeError(f"{text}: a journal's name ends in {SUFFIX}")
    return path


def _fingerprint(taught, apart, images):
    """Return a word for all but the numbers that trials depend on: no others are told from one another by these."""
    drawings = [[vars(drawing) for drawing in kind] for kind in (*taught, *apart)]
    return checkpoint.fingerprint([asdict(DEFAULT), space.RANGES, space.CHANNELS, images, drawings])[:12]


def open_study(path: Path, name: str):
    """Return the study of a name in a journal, a new one if there is none; raises UserError if the file has none."""
    import optuna
    from optuna.storages import journal

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        if guards.is_special(path):
            raise UserError(f"{path} is no file that could be a journal; choose another name.")
        lock = journal.JournalFileOpenLock(str(path))  # Optuna's other one is a link, which Windows forbids
        storage = optuna.storages.JournalStorage(journal.JournalFileBackend(str(path), lock))
        return optuna.create_study(
            storage=storage, study_name=name, load_if_exists=True, pruner=optuna.pruners.MedianPruner()
        )
    except OSError as error:
        raise UserError(f"{path} cannot be kept as a journal ({error.strerror}); give another file.") from error
    except (ValueError, TypeError, KeyError, AssertionError) as error:  # of Optuna, where lines are not its own
        raise UserError(f"{path} is no journal of a search, or a damaged one; give another file.") from error


def until(args: argparse.Namespace) -> Callable[..., bool]:
    """Return what says of a study whether it has been searched for as long as the arguments ask."""
    if args.trials:
        return lambda study: len(_ended(study)) >= args.trials
    end = time.monotonic() + 60 * args.minutes
    return lambda study: time.monotonic() >= end


def _ended(study):
    return [trial for trial in study.trials if trial.state.name in ("COMPLETE", "PRUNED")]


def search(study, epochs: int, measured: Callable[..., dict], is_enough: Callable[..., bool]) -> None:
    """Try the recipe as it is, and then others, until it is enough.

    measured: given a recipe and `report(epoch, figures)`, which may raise optuna.TrialPruned, returns figures.
    """
    if not any(trial.params == space.as_it_is() for trial in _ended(study)):
        study.enqueue_trial(space.as_it_is())
    while not is_enough(study):
        _try_one(study, epochs, measured)


def _try_one(study, epochs, measured):
    import optuna

    trial = study.ask(space.distributions())
    try:
        value = score(measured(space.recipe_of(trial.params, epochs=epochs), _reporter(trial)))
    except optuna.TrialPruned:
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        print(f"trial {trial.number}: pruned", flush=True)
    except BaseException:  # it can be tried again
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
        raise
    else:
        study.tell(trial, value)
        print(f"trial {trial.number}: {value:.3f}, best {study.best_value:.3f}", flush=True)


def _reporter(trial):
    """Return what takes down the figures of an epoch and ends a trial that has no prospects."""
    import optuna

    def report(epoch, figures):
        trial.report(score(figures), epoch)
        if trial.should_prune():
            raise optuna.TrialPruned

    return report


def _measured(taught, apart, images):
    """Return what trains by a recipe and returns figures; of each training TensorFlow keeps some 20 MB."""
    measure = trials.measuring(apart, images)

    def measured(recipe, report):
        return measure(trials.train(recipe, taught, images, [_watch(recipe, measure, report)]))

    return measured


def _watch(recipe, measure, report):
    """Return a callback that reports on every epoch but the last, and ends a run whose loss is no number."""
    import keras
    import optuna

    def look(epoch, logs):
        if not np.isfinite(logs["loss"]):
            raise optuna.TrialPruned
        if epoch + 1 < recipe.epochs:
            report(epoch, measure(watch.model))

    watch = keras.callbacks.LambdaCallback(on_epoch_end=look)
    return watch


def best(study) -> dict:
    """Return the trial of the recipe as it is and the best of the others, by name."""
    ranked = _complete(study)
    default = [trial for trial in ranked if trial.params == space.as_it_is()][:1]
    others = [trial for trial in ranked if trial.params != space.as_it_is()][:_CONFIRMED]
    return dict(zip([_AS_IT_IS], default, strict=False)) | {f"trial {trial.number}": trial for trial in others}


def _complete(study):
    """Return the trials that came to their end, the best first."""
    complete = [trial for trial in study.trials if trial.state.name == "COMPLETE"]
    return sorted(complete, key=lambda trial: trial.value)


def confirm(study, chosen: dict, epochs: int, seeds: int, measured: Callable[..., dict]) -> dict[str, list[dict]]:
    """Return figures of chosen trials' recipes, by name, with seeds that none was chosen by.

    The journal keeps them too: what is there is not done again.
    """
    return {
        name: [_confirmed(study, trial, epochs, seed, measured) for seed in range(1, seeds + 1)]
        for name, trial in chosen.items()
    }


def _confirmed(study, trial, epochs, seed, measured):
    """Return the figures of a trial's recipe with another seed; not-a-number each if its loss was none."""
    import optuna

    if (key := f"trial {trial.number}, seed {seed}") not in study.user_attrs:
        recipe = space.recipe_of(trial.params, epochs=epochs, seed=seed)
        try:
            figures = measured(recipe, lambda epoch, figures: None)
        except optuna.TrialPruned:
            figures = dict.fromkeys((trials.MNIST, trials.DRAWN, trials.AUROC, trials.FPR95), np.nan)
        study.set_user_attr(key, figures)
    return study.user_attrs[key]


def show(study, chosen: dict, confirmed: dict[str, list[dict]], picture: Path) -> None:
    """Print what was found and draw what mattered; raises UserError where no trial came to its end."""
    if not confirmed:
        raise UserError("No trial has come to its end: their losses are no numbers; search longer.")
    print(f"\n{as_markdown(study, chosen, confirmed)}")
    content = charts.png(lambda: slices(study))
    writing.write_whole(picture, lambda unfinished: unfinished.write_bytes(content))


def as_markdown(study, chosen: dict, confirmed: dict[str, list[dict]]) -> str:
    """Return two tables: how good the recipes are that were confirmed, and their numbers."""
    seeds = len(next(iter(confirmed.values())))
    head = f"{len(_ended(study))} trials, {len(_complete(study))} to their end; {seeds} seeds"
    figures = ["score", trials.MNIST, trials.DRAWN, trials.AUROC, trials.FPR95]
    rows = [
        [name, *(trials.spread([({"score": score(run)} | run)[figure] for run in runs]) for figure in figures)]
        for name, runs in confirmed.items()
    ]
    numbers = [[name, *(_number(trial.params[name]) for trial in chosen.values())] for name in space.as_it_is()]
    return f"{_table([head, *figures], rows)}\n\n{_table(['', *chosen], numbers)}"


def _number(value):
    return value if isinstance(value, str) else f"{value:.3g}"


def _table(head, rows):
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def slices(study):
    """Plot the score over each number, the most important one first.

    Important is what tells the best quarter of the trials from all that may be tried (PED-ANOVA, Watanabe et al. 2023,
    arXiv 2304.10255); among those that were tried, which gather around the best, what matters most hardly varies.
    """
    import optuna
    from matplotlib.figure import Figure

    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=0.25, evaluate_on_local=False)
    importances = optuna.importance.get_param_importances(study, evaluator=evaluator)
    figure, shown, first = Figure(figsize=(9.6, 7.2), layout="constrained"), _complete(study), None
    for place, (name, importance) in enumerate(importances.items(), start=1):
        axis = first = figure.add_subplot(-(-len(importances) // 4), 4, place, sharey=first)
        axis.plot([trial.params[name] for trial in shown], [trial.value for trial in shown], "o", alpha=0.6)
        axis.set_title(f"{name}, {100 * importance:.0f} %")
        _scale(axis, space.RANGES.get(name))
    figure.supylabel("score")
    return figure


def _scale(axis, span):
    """Let the axis of a number span where it may lie; what is no number has names."""
    if not span:
        axis.tick_params("x", rotation=90)
        return
    middle = (span.low + span.high) / 2
    if span.log:
        axis.set_xscale("log")
        middle = (span.low * span.high) ** 0.5
    ticks = [span.low, middle, span.high]
    axis.set_xticks(ticks, [f"{tick:.2g}" for tick in ticks])
    axis.set_xticks([], minor=True)


if __name__ == "__main__":
    sys.exit(main())
