#include "kernels.h"

#include <algorithm>
#include <initializer_list>
#include <span>

namespace flux::webgpu {

namespace {

struct KernelText {
  const char* name;
  std::initializer_list<const char*> needs;  // files whose functions it calls
  std::initializer_list<Access> bindings;    // as the file declares them
};

using enum Access;

const KernelText FLUX_KERNEL_TEXTS[] = {
    {"stimulate", {"mark"}, {uniform, tick_uniform, read, read_write, read_write}},
    {"claim", {"rule", "table", "lookup"}, {uniform, tick_uniform, read_write, read, read, read_write, read_write}},
    {"learn", {"rule", "table", "types"}, {uniform, tick_uniform, read_write, read, read, read, read}},
    {"deliver", {"rule", "table", "lookup", "mark"}, {uniform, tick_uniform, read, read, read, read, read, read, read_write, read_write}},
    {"evaluate",
     {"rule", "types", "mark"},
     {uniform, tick_uniform, read_write, read, read_write, read_write, read_write, read_write, read_write}},
    {"order", {}, {uniform, tick_uniform, read, read, read_write}},
    {"sample", {"rule", "types"}, {uniform, tick_uniform, read, read, read, read_write}},
    {"settle_neurons", {"rule", "types"}, {uniform, tick_uniform, read_write, read, read_write}},
    {"settle_table", {"rule", "table"}, {uniform, tick_uniform, read_write, read}},
    {"forget", {}, {uniform, tick_uniform, read_write, read}},
    {"refit", {"rule", "types"}, {uniform, tick_uniform, read_write, read_write}},
};

const KernelText& text_of(const char* name) {
  for (const KernelText& text : FLUX_KERNEL_TEXTS) {
    if (std::string(text.name) == name) return text;
  }
  return FLUX_KERNEL_TEXTS[0];
}

}  // namespace

std::string kernel_source(const char* name, const KernelOptions& options) {
  std::string source = wgsl_prelude(options);
  for (const char* needed : text_of(name).needs) source += wgsl_source(needed);
  return source + wgsl_source(name);
}

GpuInfo Gpu::info_of(const DeviceInfo& info) {
  return {info.name,         info.driver,
          info.backend,      info.kind == AdapterKind::software,
          info.memory_bytes, std::min(info.binding_bytes, info.buffer_bytes)};
}

const Kernels& Gpu::kernels(const KernelOptions& options) {
  Kernels& kernels = kernels_[{options.packed, options.plastic, options.only_direct}];
  if (kernels.evaluate != 0) return kernels;
  const auto compile = [&](const char* name) {
    const auto& bindings = text_of(name).bindings;
    return device_->create_pipeline(name, kernel_source(name, options), std::span(bindings.begin(), bindings.size()));
  };
  kernels.stimulate = compile("stimulate");
  kernels.deliver = compile("deliver");
  kernels.evaluate = compile("evaluate");
  kernels.order = compile("order");
  kernels.sample = compile("sample");
  kernels.settle_neurons = compile("settle_neurons");
  kernels.forget = compile("forget");
  kernels.refit = compile("refit");
  if (!options.plastic) return kernels;
  kernels.claim = compile("claim");
  kernels.learn = compile("learn");
  kernels.settle_table = compile("settle_table");
  return kernels;
}

}  // namespace flux::webgpu
