"""How an engine is to run, as its command line says."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_ADDRESS = "tcp://127.0.0.1:*"
DEFAULT_METHODS = "scumble.methods.run"
DEFAULT_TRAINING = "scumble.training.own.process"


@dataclass(frozen=True)
class Settings:
    """Options of `serve`. Times are in minutes, sizes in bytes; no devices means those a worker finds."""

    address: str = DEFAULT_ADDRESS
    server_key: str = ""  # file with the CURVE key pair
    client_keys: str = ""  # folder with the CURVE keys let in; empty: whoever knows the server's key
    devices: tuple[str, ...] = ()
    store_bytes: int = 2 << 30
    idle_minutes: float = 30.0
    worker_idle_minutes: float = 5.0
    method_module: str = DEFAULT_METHODS
    training_module: str = DEFAULT_TRAINING
    extensions: tuple[str, ...] = ()  # modules that register methods and objectives
