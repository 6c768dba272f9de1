"""The commands of python -m library; docs/commands.md tells what each prints."""
