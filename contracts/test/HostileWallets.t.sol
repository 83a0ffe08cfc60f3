// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantRequest} from "../RequestTypes.sol";
import {IConsent} from "../interfaces/IConsent.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";

bytes4 constant YES = 0x1626ba7e;

/// A wallet that accepts what one key has signed, as 65 bytes with anything after them.
contract KeyWallet {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        return ecrecover(digest, uint8(signature[64]), r, s) == owner ? YES : bytes4(0);
    }
}

/// A wallet that accepts anything.
contract YesWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return YES;
    }
}

/// A wallet that accepts anything, but has work to do first.
contract SlowWallet {
    uint256 private immutable rounds;

    constructor(uint256 rounds_) {
        rounds = rounds_;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        for (uint256 i; i < rounds; ++i) digest = keccak256(abi.encode(digest));
        return digest == 0 ? bytes4(0) : YES;
    }
}

contract RevertingWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        revert("no");
    }
}

contract BurningWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        while (true) {}
        return YES;
    }
}

contract PanickingWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        assert(false);
        return YES;
    }
}

/// A wallet that answers every call with given bytes, or reverts with them.
contract GarbageWallet {
    bytes private answer;
    bool private reverts;

    constructor(bytes memory answer_, bool reverts_) {
        (answer, reverts) = (answer_, reverts_);
    }

    fallback(bytes calldata) external returns (bytes memory) {
        bytes memory answer_ = answer;
        if (reverts) {
            assembly {
                revert(add(answer_, 32), mload(answer_))
            }
        }
        return answer_;
    }
}

/// A wallet that answers with as many bytes as its gas lets it.
contract FloodingWallet {
    fallback() external {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            return(0, 150000)
        }
    }
}

/// A wallet that sends the same request again from within the question, and accepts what that brings.
contract ReenteringWallet {
    IConsent private immutable consent;

    constructor(IConsent consent_) {
        consent = consent_;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        GrantRequest[] memory requests = new GrantRequest[](1);
        bytes[] memory signatures = new bytes[](1);
        consent.grant(requests, signatures);
        return YES;
    }
}

/// A wallet that accepts once and then no more: it tries to count.
contract CountingWallet {
    uint256 private asked;

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        return ++asked == 1 ? YES : bytes4(0);
    }
}
