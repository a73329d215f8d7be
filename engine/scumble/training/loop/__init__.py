"""What every training run uses: steps, checkpoints, the log, being stopped, sheets."""
