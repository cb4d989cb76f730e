#!/usr/bin/env python3
"""Makes the schemas that kubeconform reads out of Kubernetes' own OpenAPI document: schemas.py SWAGGER.JSON FOLDER

A file for each kind, FOLDER/KIND-GROUP-VERSION.json, and one with all definitions; a field that no definition knows is an error.
"""
import json
import pathlib
import sys


def strict(definition):
    """The same, refusing unknown fields, and with references into the common file."""
    if isinstance(definition, list):
        return [strict(item) for item in definition]
    if not isinstance(definition, dict):
        return definition
    if isinstance(definition.get("$ref"), str):
        return {"$ref": "definitions.json" + definition["$ref"]}
    if definition.get("format") == "int-or-string":
        return {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    out = {name: strict(value) for name, value in definition.items() if not name.startswith("x-") and name not in ("format", "properties")}
    if "properties" in definition:  # whose names are fields, whatever they are
        out["properties"] = {name: strict(value) for name, value in definition["properties"].items()}
    if "properties" in definition and "additionalProperties" not in definition:
        out["additionalProperties"] = False
    return out


def main(swagger, folder):
    definitions = json.loads(pathlib.Path(swagger).read_text(encoding="utf-8"))["definitions"]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    common = {name: strict(definition) for name, definition in definitions.items()}
    # A quantity may be written as a number.
    common["io.k8s.apimachinery.pkg.api.resource.Quantity"] = {"oneOf": [{"type": "string"}, {"type": "number"}]}
    (folder / "definitions.json").write_text(json.dumps({"definitions": common}), encoding="utf-8")
    for name, definition in definitions.items():
        for kind in definition.get("x-kubernetes-group-version-kind", []):
            group = kind["group"].split(".")[0]
            parts = [kind["kind"].lower(), group, kind["version"]] if group else [kind["kind"].lower(), kind["version"]]
            schema = {"$ref": f"definitions.json#/definitions/{name}"}
            (folder / ("-".join(parts) + ".json")).write_text(json.dumps(schema), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
