"""As much of JSON Schema 2020-12 as the requests of the OpenAPI document use, so that this document alone says what is
accepted. A keyword that is not known here is refused when the schema is read: nothing is ignored silently."""

import re

_TYPES = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
_WORDS = {"$ref", "title", "description", "examples", "default", "format", "type", "enum", "pattern", "minLength"} | {
    "maxLength", "properties", "required", "additionalProperties", "items", "minItems", "maxItems"
}  # fmt: skip


def resolve(document, schema):
    """Follow a reference inside the document.

    :param dict document: the OpenAPI document
    :param dict schema: a schema, maybe ``{"$ref": "#/components/…"}``
    :return: the schema meant
    :raise ValueError: a keyword that :func:`problems` does not check
    """
    while "$ref" in schema:
        target = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    if unknown := schema.keys() - _WORDS:
        raise ValueError(f"schema keywords that are not checked: {sorted(unknown)}")
    return schema


def problems(document, schema, value, field=""):
    """What is wrong with a value.

    :param dict document: the OpenAPI document, for references
    :param dict schema: what the value must be
    :param value: decoded JSON
    :param str field: name of the value, e.g. ``lines.0.amount``
    :return: list of (field, keyword, argument of the keyword); empty when all is right
    """
    schema = resolve(document, schema)
    kinds = schema.get("type")
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(_TYPES[kind](value) for kind in kinds):
            return [(field, "type", " / ".join(kinds))]
    if "enum" in schema and value not in schema["enum"]:
        return [(field, "enum", ", ".join(map(str, schema["enum"])))]
    if isinstance(value, str):
        return _text(schema, value, field)
    if isinstance(value, dict):
        return _object(document, schema, value, field)
    if isinstance(value, list):
        return _array(document, schema, value, field)
    return []


def _text(schema, value, field):
    if len(value) > schema.get("maxLength", len(value)):
        return [(field, "maxLength", schema["maxLength"])]
    if len(value) < schema.get("minLength", 0):
        return [(field, "minLength", schema["minLength"])]
    pattern = schema.get("pattern", "")
    # "$" of JSON Schema is the end, not the place before a last line break
    if not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        return [(field, "pattern", pattern)]
    return []


def _object(document, schema, value, field):
    properties = schema.get("properties", {})
    path = f"{field}." if field else ""
    found = [(path + name, "required", name) for name in schema.get("required", []) if name not in value]
    if schema.get("additionalProperties") is False:
        found += [(path + str(name)[:64], "additionalProperties", False) for name in value if name not in properties]
    for name in properties.keys() & value.keys():
        found += problems(document, properties[name], value[name], path + name)
    return sorted(found, key=lambda problem: problem[:2])


def _array(document, schema, value, field):
    if len(value) > schema.get("maxItems", len(value)):
        return [(field, "maxItems", schema["maxItems"])]
    if len(value) < schema.get("minItems", 0):
        return [(field, "minItems", schema["minItems"])]
    path = f"{field}." if field else ""
    return [
        problem
        for number, item in enumerate(value)
        for problem in problems(document, schema.get("items", {}), item, f"{path}{number}")
    ]
