"""What a picture shows, found through every edit.

One thread a process: stages share a machine as processes, and threads for products as small as
ours cost four times what they save.
"""

import cv2
from threadpoolctl import threadpool_limits

cv2.setNumThreads(1)
threadpool_limits(1, user_api="blas")
