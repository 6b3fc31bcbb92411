# The report page as C++ raw strings of at most 30000 bytes. It is committed as it is built (scripts/build-report-page), so
# that building splitlane needs neither Node.js nor the network.
set(REPORT_PAGE ${CMAKE_CURRENT_SOURCE_DIR}/report/page/report_page.html)
set(REPORT_PAGE_PLACE "{\"splitlane\":\"report data\"}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${REPORT_PAGE})
file(READ ${REPORT_PAGE} REPORT_PAGE_TEXT)
string(LENGTH "${REPORT_PAGE_TEXT}" REPORT_PAGE_LENGTH)
set(REPORT_PAGE_PIECES "")
foreach(OFFSET RANGE 0 ${REPORT_PAGE_LENGTH} 30000)
  string(SUBSTRING "${REPORT_PAGE_TEXT}" ${OFFSET} 30000 PIECE)
  string(APPEND REPORT_PAGE_PIECES "R\"piece(${PIECE})piece\",\n")
endforeach()
configure_file(${CMAKE_CURRENT_SOURCE_DIR}/report/page_template.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/page_template.cpp @ONLY)
target_sources(splitlane_report PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/page_template.cpp)
