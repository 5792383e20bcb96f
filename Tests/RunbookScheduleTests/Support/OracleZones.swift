/// Zones whose clocks do what no others do, and plain ones.
enum OracleZones {
    static let names = [
        "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Moscow", "Europe/Istanbul",
        "Europe/Kaliningrad", "Europe/Chisinau", "America/New_York", "America/Los_Angeles", "America/St_Johns",
        "America/Sao_Paulo", "America/Santiago", "America/Havana", "America/Asuncion", "America/Nuuk",
        "America/Scoresbysund", "America/Caracas", "America/Port-au-Prince", "Asia/Gaza", "Asia/Beirut", "Asia/Tehran",
        "Asia/Dhaka", "Asia/Kathmandu", "Asia/Amman", "Asia/Pyongyang", "Asia/Jerusalem", "Africa/Cairo",
        "Africa/Casablanca", "Africa/Monrovia", "Africa/Windhoek", "Australia/Lord_Howe", "Australia/Sydney",
        "Australia/Adelaide", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Auckland",
        "Pacific/Kiritimati", "Antarctica/Troll", "Antarctica/Casey", "Atlantic/Azores",
    ]
}
