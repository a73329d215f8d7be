"""Frames in their order: read from files or a video, held together by optical flow, written again.

PyAV is an extra (`frames`). Nothing here, nor OpenCV, is loaded before frames are painted.
"""
