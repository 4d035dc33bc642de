// Documents edited while they run.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "editor.h"
#include "file/circuit_text.h"
#include "random_operations.h"
#include "support/network_content.h"

namespace flux::editing {

inline Editor editor_of(Circuit circuit, CoreKind core = CoreKind::cpu, std::uint32_t threads = 1) {
  NetworkOptions options;
  options.core = core;
  options.threads = threads;
  auto editor = Editor::make(std::move(circuit), options);
  EXPECT_TRUE(editor.ok()) << (editor.ok() ? "" : editor.error().message());
  return std::move(editor).value();
}

// Repeated circuits share their tables from so many neurons on, or never: FLUX_NEVER_SHARE.
inline Editor editor_sharing_from(std::uint64_t neurons, const Circuit& circuit, std::uint32_t threads = 1) {
  NetworkOptions options;
  options.share_from = neurons;
  options.threads = threads;
  auto editor = Editor::make(circuit, options);
  EXPECT_TRUE(editor.ok()) << (editor.ok() ? "" : editor.error().message());
  return std::move(editor).value();
}

inline Circuit circuit_of(const std::string& text) {
  auto circuit = parse_circuit_text(text, "test");
  EXPECT_TRUE(circuit.ok()) << (circuit.ok() ? "" : circuit.error().message());
  return std::move(circuit).value();
}

inline Result<Applied> edit(Editor& editor, const std::string& text, std::string_view merge = {}) {
  const Operation operation = test::operation_of(text);
  return editor.apply(std::span(&operation, 1), merge);
}

// The same, made to go the general way: noise comes and goes.
inline Result<Applied> edit_generally(Editor& editor, const std::string& text) {
  const std::vector<Operation> operations = {
      test::operation_of(R"({"op": "set", "properties": {"thresholdNoise": 1}})"),
      test::operation_of(text),
      test::operation_of(R"({"op": "set", "properties": {"thresholdNoise": null}})"),
  };
  auto applied = editor.apply(operations);
  EXPECT_TRUE(!applied.ok() || applied.value().made_anew) << text;
  return applied;
}

}  // namespace flux::editing
