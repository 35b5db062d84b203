"""District 1's ten wards until 30 June 2025: real codes, names, areas and 2019 census figures.

The borders are drawn by hand after streets, canals and the river, in metres east and north of the south-western corner
of the district's box, and fitted so that each ward has its real area. They are not the official borders.
"""

LON0, LAT0 = 1066817000, 107536000  # the corner, in 1e-7 degrees
METRES_PER_DEGREE = (109370, 110613)  # on the ellipsoid at 10.775 degrees north

# code: name, area in m2, population, households
WARDS = {
    "26734": ("Tân Định", 634000, 23258, 6184),
    "26737": ("Đa Kao", 995000, 14970, 4140),
    "26740": ("Bến Nghé", 2478000, 10633, 2764),
    "26743": ("Bến Thành", 927000, 11714, 3094),
    "26746": ("Nguyễn Thái Bình", 492000, 9716, 2847),
    "26749": ("Phạm Ngũ Lão", 498000, 15183, 4332),
    "26752": ("Cầu Ông Lãnh", 227000, 10737, 2358),
    "26755": ("Cô Giang", 356000, 11517, 3117),
    "26758": ("Nguyễn Cư Trinh", 764000, 21191, 5358),
    "26761": ("Cầu Kho", 344000, 13706, 3993),
}

# Borders between junctions. Water bends smoothly, streets have corners.
BORDERS = {
    # round the district, anticlockwise from its western corner
    "nguyen_van_cu_north": ("street", [(0, 1270), (87, 979), (247, 639), (296, 383)]),
    "nguyen_van_cu_south": ("street", [(296, 383), (359, 169), (450, 0)]),
    "canal_cau_kho": ("water", [(450, 0), (635, 31), (822, 162), (972, 307), (1106, 408)]),
    "canal_co_giang": ("water", [(1106, 408), (1251, 536), (1367, 608), (1507, 707)]),
    "canal_cau_ong_lanh": ("water", [(1507, 707), (1628, 815), (1813, 972)]),
    "canal_nguyen_thai_binh": ("water", [(1813, 972), (1888, 1160), (2044, 1330), (2281, 1459), (2611, 1600)]),
    "river": ("water", [(2611, 1600), (2736, 1623), (2863, 1703), (2890, 1910), (2895, 2272), (2964, 2725),
                        (3099, 3091), (3310, 3496), (3632, 3830), (3420, 3933), (3198, 3886), (3047, 3927),
                        (2904, 4010)]),
    "thi_nghe_canal": ("water", [(2904, 4010), (2741, 4142), (2579, 4167), (2380, 4316), (2209, 4337), (2020, 4485),
                                 (1807, 4608)]),
    "nhieu_loc_canal": ("water", [(1807, 4608), (1701, 4731), (1600, 4818), (1370, 4709), (1200, 4595), (1027, 4551),
                                  (811, 4380), (621, 4319)]),
    "hai_ba_trung_north": ("street", [(621, 4319), (833, 4144), (1060, 3936), (1279, 3749)]),
    "hai_ba_trung_south": ("street", [(1279, 3749), (1547, 3534), (1819, 3238)]),
    "minh_khai_ben_nghe": ("street", [(1819, 3238), (1615, 2960), (1404, 2793)]),
    "minh_khai_ben_thanh": ("street", [(1404, 2793), (1076, 2512), (833, 2244), (533, 1887)]),
    "minh_khai_cu_trinh": ("street", [(533, 1887), (307, 1602), (148, 1402), (0, 1270)]),
    # inside
    "dinh_tien_hoang": ("street", [(1807, 4608), (1687, 4301), (1558, 4021), (1399, 3861), (1279, 3749)]),
    "minh_khai_east": ("street", [(1819, 3238), (2080, 3500), (2390, 3720), (2701, 3900), (2904, 4010)]),
    "nam_ky_khoi_nghia": ("street", [(1404, 2793), (1654, 2556), (1892, 2258), (2037, 1977)]),
    "ham_nghi": ("street", [(2037, 1977), (2301, 1981), (2631, 1950), (2611, 1600)]),
    "quach_thi_trang": ("street", [(2037, 1977), (1856, 1889), (1764, 1915)]),
    "tran_hung_dao_ngu_lao": ("street", [(1764, 1915), (1772, 1713), (1733, 1573)]),
    "nguyen_thai_hoc": ("street", [(1733, 1573), (1795, 1311), (1813, 972)]),
    "tran_hung_dao_ong_lanh": ("street", [(1733, 1573), (1534, 1419), (1398, 1272)]),
    "de_tham": ("street", [(1398, 1272), (1436, 1044), (1507, 707)]),
    "tran_hung_dao_co_giang": ("street", [(1398, 1272), (1238, 1131), (1032, 1027)]),
    "tran_hung_dao_cu_trinh": ("street", [(1032, 1027), (875, 945), (732, 792)]),
    "ho_hao_hon": ("street", [(732, 792), (871, 636), (933, 534), (1106, 408)]),
    "tran_hung_dao_cau_kho": ("street", [(732, 792), (529, 606), (296, 383)]),
    "cong_quynh_south": ("street", [(1032, 1027), (909, 1143), (770, 1445)]),
    "cong_quynh_north": ("street", [(770, 1445), (743, 1608), (533, 1887)]),
    "le_lai": ("street", [(770, 1445), (1049, 1670), (1342, 1881), (1764, 1915)]),
}

# Each ward's border, anticlockwise; "-" against the direction above.
RINGS = {
    "26734": ["nhieu_loc_canal", "hai_ba_trung_north", "-dinh_tien_hoang"],
    "26737": ["thi_nghe_canal", "dinh_tien_hoang", "hai_ba_trung_south", "minh_khai_east"],
    "26740": ["river", "-minh_khai_east", "minh_khai_ben_nghe", "nam_ky_khoi_nghia", "ham_nghi"],
    "26743": ["minh_khai_ben_thanh", "-cong_quynh_north", "le_lai", "-quach_thi_trang", "-nam_ky_khoi_nghia"],
    "26746": ["canal_nguyen_thai_binh", "-ham_nghi", "quach_thi_trang", "tran_hung_dao_ngu_lao", "nguyen_thai_hoc"],
    "26749": ["-le_lai", "-cong_quynh_south", "-tran_hung_dao_co_giang", "-tran_hung_dao_ong_lanh",
              "-tran_hung_dao_ngu_lao"],
    "26752": ["canal_cau_ong_lanh", "-nguyen_thai_hoc", "tran_hung_dao_ong_lanh", "de_tham"],
    "26755": ["canal_co_giang", "-de_tham", "tran_hung_dao_co_giang", "tran_hung_dao_cu_trinh", "ho_hao_hon"],
    "26758": ["nguyen_van_cu_north", "-tran_hung_dao_cau_kho", "-tran_hung_dao_cu_trinh", "cong_quynh_south",
              "cong_quynh_north", "minh_khai_cu_trinh"],
    "26761": ["nguyen_van_cu_south", "canal_cau_kho", "-ho_hao_hon", "tran_hung_dao_cau_kho"],
}
