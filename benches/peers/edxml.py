"""The peer of benches/edxml: lxml reads a message as a stream, decodes its file and puts it on the disk.

    python3 benches/peers/edxml.py MESSAGE FOLDER TIMES

Prints the seconds it took. Wants lxml (pip install lxml).
"""

import base64
import hashlib
import os
import sys
import time

from lxml import etree


def read(message, folder):
    texts = {}
    for _, element in etree.iterparse(message, events=("end",), huge_tree=True):
        name = etree.QName(element).localname
        if name == "ContentTransferEncoded":
            content = base64.b64decode(element.text)
            path = os.path.join(folder, os.urandom(16).hex())
            with open(path, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            hashlib.sha256(content).hexdigest()
        elif element.text:
            texts.setdefault(name, []).append(element.text)
        element.clear()
    assert len(texts["OrganName"]) == 222, "receivers are missing"


message, folder, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
begun = time.perf_counter()
for _ in range(times):
    read(message, folder)
print(time.perf_counter() - begun)
