"""A wish to stop: the first is heard, the second obeyed."""

import signal

import pytest

from digits.training.stopping import StopSign


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_only_puts_the_sign_up(number, code, capsys):
    with StopSign() as sign:
        assert not sign.is_up
        signal.raise_signal(number)
        assert sign.is_up and sign.exit_code == code
    assert "Stopping after this step" in capsys.readouterr().err


def test_a_second_ctrl_c_does_not_wait():
    with StopSign() as sign:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert sign.is_up


def test_afterwards_signals_do_what_they_did_before():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with StopSign():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] != before
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
