//! Frames with capture times from RTSP cameras and recorded files
