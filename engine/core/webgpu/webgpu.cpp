// What core.h tells of the webgpu core. Cores on the same GPU share its device and its kernels, which stay for cores to come: to open a
// device and to compile the kernels takes longer than most networks take to be copied.
#include <map>
#include <memory>
#include <string>

#include "core/core.h"
#include "webgpu_core.h"

namespace flux {

namespace {

#if defined(__wasm__)
using Known = std::weak_ptr<webgpu::Gpu>;  // the page keeps devices and kernels itself (studio/engine/src/gpu.ts)
std::shared_ptr<webgpu::Gpu> open_one(const Known& known) { return known.lock(); }
#else
using Known = std::shared_ptr<webgpu::Gpu>;
std::shared_ptr<webgpu::Gpu> open_one(const Known& known) { return known; }
#endif

Result<std::shared_ptr<webgpu::Gpu>> open_gpu(const std::string& name) {
  // By the name that was asked for. Never destroyed: when statics are, the driver may be gone.
  static auto& all_known = *new std::map<std::string, Known>;
  Known& known = all_known[name];
  if (auto gpu = open_one(known); gpu && gpu->device().status().ok()) return gpu;
  known.reset();
  auto device = webgpu::open_device(name);
  if (!device) return device.error();
  auto gpu = std::make_shared<webgpu::Gpu>(std::move(device).value());
  known = gpu;
  return gpu;
}

}  // namespace

Result<std::unique_ptr<Core>> make_webgpu_core(std::shared_ptr<Graph> graph, const WebGpuOptions& options) {
  auto gpu = open_gpu(options.device);
  if (!gpu) return gpu.error();
  auto core = webgpu::WebGpuCore::make(std::move(graph), std::move(gpu).value());
  if (!core) return core.error();
  return std::unique_ptr<Core>(std::move(core).value());
}

std::string gpu_state_wgsl() { return webgpu::wgsl_prelude({}) + webgpu::wgsl_source("rule") + webgpu::wgsl_source("types"); }

Result<std::vector<GpuInfo>> list_gpus() {
  auto adapters = webgpu::list_adapters();
  if (!adapters) return adapters.error();
  std::vector<GpuInfo> gpus;
  for (const webgpu::DeviceInfo& info : adapters.value()) gpus.push_back(webgpu::Gpu::info_of(info));
  return gpus;
}

}  // namespace flux
