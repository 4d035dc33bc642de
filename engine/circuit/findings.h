// Collects findings without drowning the reader in thousands of the same kind.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "circuit/flatten.h"

namespace flux {

class Findings {
 public:
  using Element = Finding::Element;

  // `circuit`, whose elements findings are about, must outlive it.
  explicit Findings(const Circuit& circuit) : circuit_(&circuit) {}

  // From now on findings are about another circuit; `owner` names it in messages ("prototype "leg""), `place` is where the text has it.
  void enter(const Circuit& circuit, std::string owner, TextPlace place = {}) {
    circuit_ = &circuit;
    owner_ = std::move(owner);
    place_ = place;
  }

  void error(Element element, std::size_t index, std::string what, std::string fix) {
    add_about(true, element, index, std::move(what), std::move(fix));
  }
  void warning(Element element, std::size_t index, std::string what, std::string fix) {
    add_about(false, element, index, std::move(what), std::move(fix));
  }
  // What an element of the text is told once, however many copies of it are placed.
  void add(Finding finding);
  // A connection that does nothing because what it led to is gone: the first few are told one by one, the rest as a number.
  void lost(Finding finding);
  // A change whose target is not in `owner`.
  void gone(const std::string& owner, const Override& change);

  bool full() const { return errors_ >= FLUX_MAX_FINDINGS; }
  bool any() const { return !list_.empty(); }
  bool any_error() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::size_t size() const { return list_.size(); }
  std::vector<Finding> take();

 private:
  static constexpr std::size_t FLUX_SHOWN = 5;

  bool is_told(const Finding& finding);
  void keep(Finding finding);
  void add_about(bool is_error, Element element, std::size_t index, std::string what, std::string fix);

  const Circuit* circuit_;
  std::string owner_;
  TextPlace place_;
  std::vector<Finding> list_;
  std::size_t errors_ = 0;  // of them
  std::size_t lost_ = 0;
  std::set<std::pair<std::uint32_t, std::string>> told_;  // place in the text, what
};

// A kind of warning about single elements: the first few one by one, the rest as a number when it goes out of scope.
class RepeatedWarning {
 public:
  RepeatedWarning(Findings& findings, Finding::Element element, std::string what, std::string fix)
      : findings_(findings), element_(element), what_(std::move(what)), fix_(std::move(fix)) {}
  RepeatedWarning(const RepeatedWarning&) = delete;
  RepeatedWarning& operator=(const RepeatedWarning&) = delete;
  ~RepeatedWarning() {
    if (count_ <= FLUX_SHOWN) return;
    findings_.warning(Finding::Element::circuit, 0, std::to_string(count_ - FLUX_SHOWN) + " more of this kind: " + what_, fix_);
  }

  void at(std::size_t index) {
    if (++count_ <= FLUX_SHOWN) findings_.warning(element_, index, what_, fix_);
  }

 private:
  static constexpr std::size_t FLUX_SHOWN = 5;

  Findings& findings_;
  Finding::Element element_;
  std::string what_, fix_;
  std::size_t count_ = 0;
};

// check_warnings.cpp; only for flat circuits without errors.
void find_warnings(const Circuit& circuit, Findings& findings);

}  // namespace flux
