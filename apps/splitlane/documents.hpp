#pragma once

#include "splitlane/io/documents.hpp"

// What every verb reads and names.
using splitlane::in_file;
using splitlane::InstanceDocument;
using splitlane::read_instance_document;
