"""The errors of the gateway, and of what is an extra of the package: sentence and remedy by code."""

from __future__ import annotations

from typing import Dict, Tuple

DOORS: Dict[str, Tuple[str, str]] = {
    "video-unreadable": (
        "“{name}” cannot be read as a video: {reason}.",
        "Use an MP4, MKV, MOV or WebM file, or its frames as pictures.",
    ),
    "extra-missing": (
        "{what} needs the package “{package}”, which is not installed.",
        "Run: pip install 'scumble[{extra}]'",
    ),
    "cluster-unreachable": (
        "There is no Ray cluster to be had at “{address}”: {reason}.",
        "See that “ray start” ran there, or leave the address out: then one is started on this machine.",
    ),
    "cluster-worker": ("A worker was lost: {reason}.", "Look whether its machine is well and has memory left."),
    "cluster-empty": (
        "No worker of the cluster was ready within {seconds} s.",
        "See with “ray status” whether the cluster has room for one, or ask for fewer with --workers.",
    ),
    "cluster-version": (
        "The worker on “{node}” has Scumble {there}, this machine {here}.",
        "Install the same version on all machines.",
    ),
    "cluster-style": (
        "The style “{name}” is not on “{node}” what it is here.",
        "Carry it over: scumble styles export {name} here, scumble styles import FILE there.",
    ),
    "picture-lost": (
        "{count} workers were lost with this picture: {reason}.",
        "Paint it alone, smaller, or on a machine with more memory.",
    ),
    "token-weak": ("The token is too weak.", "Use at least {least} letters and digits without blanks."),
    "token-wrong": (
        "The token is missing or wrong.",
        "Send the header “Authorization: Bearer TOKEN” with what “scumble gateway” printed.",
    ),
    "route-unknown": ("There is no “{name}” here.", "See /openapi.json for what there is."),
    "method-wrong": ("“{name}” does not answer to {method}.", "See /openapi.json for what it answers to."),
    "body-kind": ("The body is {kind}, which is not understood here.", "Send one of: {choices}."),
    "body-malformed": ("The request could not be understood: {reason}.", "Compare it with /openapi.json."),
    "body-large": (
        "The request has more than {limit} MB.",
        "Send smaller pictures, or send them in parts to /v1/uploads.",
    ),
    "body-slow": ("The request stopped in the middle for {seconds} s.", "Send it again, or in parts to /v1/uploads."),
    "gateway-busy": ("Too much waits to be painted already.", "Try again when some of it has ended."),
    "task-unknown": ("There is no task “{name}”.", "It may have ended long ago; start it again."),
    "task-unfinished": ("The task “{name}” has not ended ({state}).", "Wait for its end: see its events."),
    "task-failed": ("The task “{name}” made no picture: {reason}", "See its error, and start it again."),
    "upload-unknown": ("There is no upload “{name}”.", "Begin it anew."),
    "upload-unfinished": ("Of the upload “{name}” {offset} of {length} bytes are here.", "Send the rest first."),
    "upload-version": ("The version of tus is {given}.", "Send the header “Tus-Resumable: {version}”."),
    "certificate-unusable": (
        "The certificate “{name}” cannot be used: {reason}.",
        "Give --certificate and --key in PEM, one that belongs to the other.",
    ),
}
