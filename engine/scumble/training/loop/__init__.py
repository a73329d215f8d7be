"""What every training run goes by: steps, checkpoints, the log, being stopped, sheets."""
