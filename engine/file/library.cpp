// Prototypes from other files.
#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/array.h"
#include "circuit/structure.h"
#include "fmt/format.h"
#include "text_reading.h"

namespace flux {
namespace {

constexpr std::size_t FLUX_MAX_LIBRARY_FILES = 10000;

bool is_folder(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// The circuits of a folder, by name; deeper folders are left out.
Result<std::vector<std::string>> files_of(const std::string& library) {
  if (!is_folder(library)) return std::vector<std::string>{library};
  std::vector<std::string> files;
  DIR* folder = opendir(library.c_str());
  if (folder == nullptr) return Error{"the folder cannot be read", library, "check its permissions"};
  while (const dirent* entry = readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(".json")) files.push_back(fmt::format("{}/{}", library, name));
    if (files.size() > FLUX_MAX_LIBRARY_FILES) break;
  }
  closedir(folder);
  if (files.size() > FLUX_MAX_LIBRARY_FILES) {
    return Error{fmt::format("it has more than {} files", FLUX_MAX_LIBRARY_FILES), library, "split it"};
  }
  std::sort(files.begin(), files.end());
  return files;
}

Status add_prototypes_of(const std::string& file, std::vector<Prototype>& prototypes) {
  const auto mapped = map_file(file);
  if (!mapped) return mapped.error();
  const std::string_view text(reinterpret_cast<const char*>(mapped.value().bytes.get()), mapped.value().size);
  TextReading reading;
  reading.checks = TextChecks::none;
  auto circuit = first_error_or_circuit(read_circuit_text(text, file, reading));
  if (!circuit) return circuit.error();
  for (Prototype& prototype : circuit.value().prototypes) {
    prototype.library = file;
    prototype.place = {};
    prototypes.push_back(std::move(prototype));
  }
  return {};
}

// Names of the prototypes that a circuit places or a prototype extends.
class UsedNames {
 public:
  void add(const Circuit& circuit) {
    for (const SubcircuitNode& node : circuit.circuits) {
      if (node.source == SubcircuitNode::Source::prototype) names_.push_back(node.prototype);
      if (node.body) add(*node.body);
    }
  }
  void add(const Prototype& prototype) {
    if (!prototype.extends.name.empty()) names_.push_back(prototype.extends);
    add(prototype.body);
  }
  std::optional<PrototypeName> next() {
    if (next_ == names_.size()) return std::nullopt;
    return names_[next_++];
  }

 private:
  std::vector<PrototypeName> names_;
  std::size_t next_ = 0;
};

}  // namespace

Status find_library_prototypes(Circuit& circuit, const std::string& folder) {
  Circuit offered;
  for (const std::string& library : circuit.libraries) {
    const auto files = files_of(library.starts_with('/') || folder.empty() ? library : fmt::format("{}/{}", folder, library));
    if (!files) return files.error();
    for (const std::string& file : files.value()) {
      if (Status status = add_prototypes_of(file, offered.prototypes); !status) return status;
    }
  }
  UsedNames used;
  used.add(circuit);
  for (const Prototype& prototype : circuit.prototypes) used.add(prototype);
  for (const Group& group : circuit.groups) used.add(group.body);
  while (const auto name = used.next()) {
    if (find_prototype(circuit, *name)) continue;
    const auto found = find_prototype(offered, *name);
    if (!found) continue;  // elaborating tells
    circuit.prototypes.push_back(offered.prototypes[*found]);
    used.add(circuit.prototypes.back());
  }
  return {};
}

}  // namespace flux
