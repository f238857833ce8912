"""The whole suite on one machine, without containers: real servers as child processes, nothing left behind."""
