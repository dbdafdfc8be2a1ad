from . import contract, credential, schema
