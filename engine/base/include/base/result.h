// The outcome of an operation that bad input can make fail: a value, or an error that tells a person what, where and what to do.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace flux {

struct Error {
  std::string what;   // one sentence: what is wrong
  std::string where;  // file:line:column, path in the circuit, or option; empty when there is no place
  std::string fix;    // one sentence: what to do; empty when nothing sensible can be said

  // "where: what; fix", without the parts that are empty.
  std::string message() const {
    std::string text = where.empty() ? what : where + ": " + what;
    return fix.empty() ? text : text + "; " + fix;
  }
};

// Holds a T or an Error. value() and error() assert that the right one is there.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  T& value() & {
    assert(ok());
    return *std::get_if<T>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<T>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<T>(&state_));
  }
  const Error& error() const {
    assert(!ok());
    return *std::get_if<Error>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    assert(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace flux
