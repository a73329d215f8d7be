"""Frames in their order: read from files or a video, held together by optical flow, written again.

OpenCV and PyAV are an extra (`frames`); nothing here is loaded before `scumble animate` runs.
"""
