// The kernels of the webgpu core, compiled for what a network needs, and the GPU they belong to: shared by all cores that use it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "core/core.h"
#include "device.h"
#include "layout.h"

namespace flux::webgpu {

// One pipeline for each file in shaders/ that has a main().
struct Kernels {
  PipelineId stimulate = 0, claim = 0, learn = 0, deliver = 0, evaluate = 0, order = 0, sample = 0;
  PipelineId settle_neurons = 0, settle_table = 0, forget = 0, refit = 0;
};

// A device and the kernels compiled for it so far.
class Gpu {
 public:
  explicit Gpu(std::unique_ptr<Device> device) : device_(std::move(device)), info_(info_of(device_->info())) {}
  Device& device() { return *device_; }
  const GpuInfo& info() const { return info_; }
  static GpuInfo info_of(const DeviceInfo& info);
  const Kernels& kernels(const KernelOptions& options);

 private:
  std::unique_ptr<Device> device_;
  GpuInfo info_;
  std::map<std::tuple<bool, bool, bool>, Kernels> kernels_;
};

// WGSL of a kernel, complete.
std::string kernel_source(const char* name, const KernelOptions& options);

}  // namespace flux::webgpu
