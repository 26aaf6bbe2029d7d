#include "python/bindings/bind_errors.h"

#include <array>
#include <exception>
#include <string>

#include "sim/kernel/error.h"

namespace py = pybind11;

namespace midflight::python {

namespace {

struct ErrorClass {
  ErrorCode code;
  const char *name, *doc;
  PyObject* type = nullptr;  // lives as long as the interpreter
};

std::array<ErrorClass, 5>& error_classes() {
  static std::array<ErrorClass, 5> classes = {{
      {ErrorCode::BadInput, "BadInput", "The scenario, an override or an argument is wrong."},
      {ErrorCode::NotSupported, "NotSupported", "Understood, but not built, or refused by the strategy."},
      {ErrorCode::Database, "DatabaseError", "A live database or the replay failed."},
      {ErrorCode::Output, "OutputError", "A result could not be written."},
      {ErrorCode::Interrupted, "Interrupted", "The prediction was stopped."},
  }};
  return classes;
}

PyObject* add_class(py::module_& m, const char* name, const char* doc, PyObject* base) {
  const std::string full = std::string("midflight.") + name;
  PyObject* type = PyErr_NewExceptionWithDoc(full.c_str(), doc, base, nullptr);
  if (type == nullptr) throw py::error_already_set();
  m.attr(name) = py::handle(type);
  return type;
}

py::list problems_of(const Error& error) {
  py::list problems;
  for (const Problem& p : error.problems()) {
    problems.append(py::make_tuple(p.where.file, p.where.line, p.where.column, p.message));
  }
  return problems;
}

void raise(const Error& error) {
  for (const ErrorClass& c : error_classes()) {
    if (c.code != error.code()) continue;
    py::object instance = py::handle(c.type)(error.what());
    instance.attr("problems") = problems_of(error);
    PyErr_SetObject(c.type, instance.ptr());
    return;
  }
}

void translate(std::exception_ptr thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    raise(error);
  }
}

}  // namespace

void bind_errors(py::module_& m) {
  PyObject* base = add_class(m, "Error", "The base of every error that midflight raises.", PyExc_Exception);
  py::handle(base).attr("problems") = py::tuple();
  for (ErrorClass& c : error_classes()) c.type = add_class(m, c.name, c.doc, base);
  py::register_exception_translator(translate);
}

}  // namespace midflight::python
