"""The routes, one module a subject; each makes its router from the services it is given."""
