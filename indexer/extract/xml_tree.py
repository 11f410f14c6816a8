"""Small parts of XML, read as a tree: tables of contents, manifests, properties."""

from __future__ import annotations

from zipfile import ZipFile

from lxml import etree

from indexer.extract.archive import read_member
from indexer.extract.xml_stream import doctype_refused, malformed


def parse_member(archive: ZipFile, name: str) -> etree._Element:
    """Return the root of an XML member, read without entities, network or document type.

    Raises Incomplete if the member is missing, damaged or not such XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(read_member(archive, name), parser)
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise malformed(name, error) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise doctype_refused(name)
    return root
