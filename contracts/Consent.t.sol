// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "./test/World.t.sol";
contract ConsentTest is World {
    function test_a_grant() public {
        granted(doctor);
        so(may(opening(doctor), doctor, "read", NOW), "may");
    }
}
